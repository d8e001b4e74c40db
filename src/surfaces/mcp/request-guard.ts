import type { IncomingMessage } from 'node:http'
import type { Actor } from '../../domain/actor.ts'
import type { ErrorCode } from '../../domain/errors.ts'
import { ERRORS } from '../../domain/errors.ts'
import type { Language, Text } from '../../domain/text.ts'
import { pick, text } from '../../domain/text.ts'
import { bearerTokenOf } from '../../lib/net/bearer-token.ts'
import type { HostRule } from '../../lib/net/host-check.ts'
import { isAllowedHost, isAllowedOrigin } from '../../lib/net/host-check.ts'

/** Returns who a bearer token belongs to; null when nobody's. Must compare in constant time. */
export type VerifyToken = (token: string) => Actor | null | Promise<Actor | null>

/** A request turned away before the protocol saw it. */
export interface Refusal {
  readonly code: ErrorCode
  readonly text: Text
  readonly headers?: Readonly<Record<string, string>>
}

/** Error number of refusals outside the protocol, as the SDK's own guards use it. */
const REFUSED = -32_000

/** Returns the JSON-RPC error document of a refusal; the product's code stands in `data`. */
export const refusalBody = (refusal: Refusal, language: Language): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    error: {
      code: REFUSED,
      message: pick(refusal.text, language),
      data: { code: refusal.code, hint: pick(ERRORS[refusal.code].hint, language) },
    },
    id: null,
  })

/** Returns why a request does not come from a client of ours, or null. Comes before anything looks at a token. */
export function refuseForeign(
  request: IncomingMessage,
  rule: HostRule & { readonly allowedOrigins: readonly string[] },
): Refusal | null {
  const { host, origin } = request.headers
  if (!isAllowedHost(host, rule)) {
    const given = JSON.stringify(host ?? null)
    return {
      code: 'HOST_REFUSED',
      text: text(
        `Host 头 ${given} 不在允许之列;允许:localhost:${rule.port}、127.0.0.1:${rule.port}、[::1]:${rule.port} 及 mcp.allowed_hosts 中的名称。`,
        `Host header ${given} is not allowed; allowed: localhost:${rule.port}, 127.0.0.1:${rule.port}, [::1]:${rule.port} and the names in mcp.allowed_hosts.`,
      ),
    }
  }
  if (isAllowedOrigin(origin, host, rule.allowedOrigins)) return null
  return {
    code: 'ORIGIN_REFUSED',
    text: text(
      `不接受来自其他站点的请求:Origin 为 ${JSON.stringify(origin)};允许:本服务自身及 mcp.allowed_origins。`,
      `Requests from other sites are not accepted: Origin is ${JSON.stringify(origin)}; allowed: this server itself and mcp.allowed_origins.`,
    ),
  }
}

/** Returns the caller, or why there is none: 401 with the challenge of RFC 6750 §3. */
export async function authenticate(
  request: IncomingMessage,
  verifyToken: VerifyToken,
): Promise<{ readonly actor: Actor } | { readonly refusal: Refusal }> {
  const { authorization } = request.headers
  const token = bearerTokenOf(authorization)
  const actor = token === null ? null : await verifyToken(token)
  if (actor !== null) return { actor }
  const realm = 'Bearer realm="smart-ops"'
  return {
    refusal:
      authorization === undefined
        ? {
            code: 'UNAUTHENTICATED',
            text: text('缺少 Authorization: Bearer 令牌。', 'The Authorization: Bearer token is missing.'),
            headers: { 'www-authenticate': realm },
          }
        : {
            code: 'UNAUTHENTICATED',
            text: text('Bearer 令牌无效。', 'The bearer token is not valid.'),
            headers: { 'www-authenticate': `${realm}, error="invalid_token"` },
          },
  }
}
