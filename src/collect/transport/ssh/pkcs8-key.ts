import { createPrivateKey, type KeyObject } from 'node:crypto'

const ARMOUR = /^-----BEGIN (?:ENCRYPTED )?PRIVATE KEY-----/m

/** Returns whether the text is a PKCS 8 private key in PEM (RFC 5958), as `openssl genpkey` writes it. */
export const isPkcs8 = (keyText: string): boolean => ARMOUR.test(keyText)

/** What became of a PKCS 8 key: text that ssh2 reads, or why there is none. */
type Pkcs8Reading =
  | { readonly status: 'ok'; readonly keyText: string }
  | { readonly status: 'encrypted' | 'does_not_open' }
  | { readonly status: 'wrong_kind'; readonly kind: string }

/** Length-prefixed bytes of the SSH wire format (RFC 4251, 5). */
function field(bytes: Buffer | string): Buffer {
  const content = Buffer.from(bytes)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  return Buffer.concat([length, content])
}

/** Returns an Ed25519 key in OpenSSH's own format (PROTOCOL.key of OpenSSH), the only one that has a place for it. */
function opensshEd25519(key: KeyObject): string {
  const { d = '', x = '' } = key.export({ format: 'jwk' })
  const [seed, point] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]
  const type = field('ssh-ed25519')
  // Two equal numbers tell a decrypted key from rubbish; nothing is encrypted here.
  const body = Buffer.concat([
    Buffer.alloc(8),
    type,
    field(point),
    field(Buffer.concat([seed, point])),
    field(''),
  ])
  const padding = Buffer.from(Array.from({ length: (8 - (body.length % 8)) % 8 }, (_, at) => at + 1))
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    Buffer.from([0, 0, 0, 1]),
    field(Buffer.concat([type, field(point)])),
    field(Buffer.concat([body, padding])),
  ])
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? []
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`
}

/** Returns a PKCS 8 key, decrypted where it is encrypted, in the older format of its kind, which ssh2 1.17 reads. */
export function convertPkcs8(keyText: string, passphrase: string | null): Pkcs8Reading {
  if (passphrase === null && keyText.includes('BEGIN ENCRYPTED')) return { status: 'encrypted' }
  let key: KeyObject
  try {
    key = createPrivateKey({ key: keyText, format: 'pem', ...(passphrase === null ? {} : { passphrase }) })
  } catch {
    // OpenSSL's words name its own source files and nothing that helps.
    return { status: 'does_not_open' }
  }
  const kind = key.asymmetricKeyType ?? 'unknown'
  if (kind === 'rsa')
    return { status: 'ok', keyText: key.export({ type: 'pkcs1', format: 'pem' }).toString() }
  if (kind === 'ec') return { status: 'ok', keyText: key.export({ type: 'sec1', format: 'pem' }).toString() }
  if (kind === 'ed25519') return { status: 'ok', keyText: opensshEd25519(key) }
  return { status: 'wrong_kind', kind }
}
