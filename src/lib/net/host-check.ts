const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** What a request must satisfy so that a page of another site cannot reach this server under a name of its own. */
export interface HostRule {
  /** Port this server listens on. */
  readonly port: number
  /** Further names, each `name` (our port, or none behind a proxy) or `name:port` (exactly that). Lower case. */
  readonly allowedHosts: readonly string[]
  /** Address of this end of the connection: a literal address in Host cannot come from DNS rebinding. */
  readonly localAddress: string | undefined
}

interface HostAndPort {
  readonly name: string
  /** Null when the header names none. */
  readonly port: number | null
}

function parseHost(header: string): HostAndPort | null {
  const match = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::([0-9]{1,5}))?$/.exec(header.toLowerCase())
  const name = match?.[1]
  if (name === undefined) return null
  return { name, port: match?.[2] === undefined ? null : Number(match[2]) }
}

/** Returns an address as a Host header spells it: IPv4 out of its IPv6 mapping, IPv6 in brackets. */
function asHostName(address: string): string {
  const plain = address.toLowerCase().replace(/^::ffff:(?=[0-9.]+$)/, '')
  return plain.includes(':') ? `[${plain}]` : plain
}

/**
 * True when the Host header names this server: a loopback name or the address the connection came to, with our
 * port, or one of the allowed names. A missing or malformed header is refused.
 * Source: DNS rebinding protection of the MCP specification 2026-07-28, Streamable HTTP, security.
 */
export function isAllowedHost(header: string | undefined, rule: HostRule): boolean {
  const host = header === undefined ? null : parseHost(header)
  if (host === null) return false
  const ours = LOOPBACK_NAMES.has(host.name) || host.name === asHostName(rule.localAddress ?? '')
  if (ours && (host.port ?? 80) === rule.port) return true
  return rule.allowedHosts.some((entry) => {
    const allowed = parseHost(entry)
    if (allowed?.name !== host.name) return false
    return allowed.port === null ? host.port === null || host.port === rule.port : allowed.port === host.port
  })
}

/**
 * True when there is no Origin header, it is the very host that the request was sent to, or one of the allowed
 * origins (`https://name` or `https://name:port`). `null` is refused.
 */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  allowedOrigins: readonly string[] = [],
): boolean {
  if (origin === undefined) return true
  const given = origin.toLowerCase()
  if (allowedOrigins.some((allowed) => allowed.toLowerCase() === given)) return true
  return host !== undefined && /^https?:\/\/([^/]+)$/.exec(given)?.[1] === host.toLowerCase()
}
