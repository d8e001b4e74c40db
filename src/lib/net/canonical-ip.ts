import { isIP } from 'node:net'

/**
 * Returns the address as it is kept: IPv6 in its canonical form (RFC 5952, as WHATWG URLs write it), so that one machine
 * has one name; anything else unchanged.
 */
export const canonicalIp = (ip: string): string =>
  isIP(ip) === 6 && !ip.includes('%') ? new URL(`http://[${ip}]/`).hostname.slice(1, -1) : ip
