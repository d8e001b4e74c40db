import { createHash, timingSafeEqual } from 'node:crypto'

/** Returns the token of an `Authorization: Bearer …` header (RFC 6750 §2.1); null when there is none. */
export function bearerTokenOf(header: string | undefined): string | null {
  return /^Bearer ([A-Za-z0-9._~+/-]{1,4096}=*)$/i.exec(header ?? '')?.[1] ?? null
}

const digest = (secret: string): Buffer => createHash('sha256').update(secret, 'utf8').digest()

/** True when both are the same, in a time that depends on neither's content nor on where they differ. */
export const isSameSecret = (given: string, expected: string): boolean =>
  timingSafeEqual(digest(given), digest(expected))
