const HOSTS_PER_NET = 250
const NETS = 250

/** The most hosts that a fleet can have. */
export const MAX_HOSTS = HOSTS_PER_NET * NETS

/** Returns the loopback address of host n (from 0): 127.1.0.1, 127.1.0.2 … 127.1.249.250. Throws RangeError outside. */
export function hostAddress(n: number): string {
  if (!Number.isInteger(n) || n < 0 || n >= MAX_HOSTS)
    throw new RangeError(`host ${n} is not from 0 to ${MAX_HOSTS - 1}`)
  return `127.1.${Math.floor(n / HOSTS_PER_NET)}.${(n % HOSTS_PER_NET) + 1}`
}

/** Returns the host's number, or null for an address that is none of a fleet's. */
export function hostNumber(address: string): number | null {
  const match = /^(?:::ffff:)?127\.1\.(\d{1,3})\.(\d{1,3})$/.exec(address)
  if (match === null) return null
  const [net, host] = [Number(match[1]), Number(match[2])]
  return net < NETS && host >= 1 && host <= HOSTS_PER_NET ? net * HOSTS_PER_NET + host - 1 : null
}
