import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const VERSION = 'v1'
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Bytes of a master key and of the key derived from it. */
export const KEY_BYTES = 32

/** Seals small texts so that only the holder of the master key can read them, each under its own name. */
export interface SecretBox {
  /** Returns `v1:<base64 of nonce, ciphertext, tag>`; sealing twice gives different texts. */
  seal(name: string, clearText: string): string
  /** Returns the clear text. Throws SecretBoxError when it was changed, sealed under another name or another key. */
  open(name: string, sealed: string): string
}

/** A sealed text that does not open. Its message never holds the text. */
export class SecretBoxError extends Error {
  override readonly name = 'SecretBoxError'
}

/** Strict base64, so that no two texts open to the same record. */
function decode(encoded: string): Buffer {
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.toString('base64') !== encoded || bytes.length < NONCE_BYTES + TAG_BYTES)
    throw new SecretBoxError('the sealed text is damaged')
  return bytes
}

/**
 * Returns a box for a master key of 32 bytes. AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; the key is
 * derived by HKDF-SHA-256 (RFC 5869); the record's name is authenticated, so a text cannot be moved to another record.
 */
export function createSecretBox(
  masterKey: Uint8Array,
  random: (size: number) => Uint8Array = randomBytes,
): SecretBox {
  if (masterKey.length !== KEY_BYTES) throw new SecretBoxError(`a master key has ${KEY_BYTES} bytes`)
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'smart-ops secrets v1', KEY_BYTES))
  return {
    seal(name, clearText) {
      const nonce = random(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(Buffer.from(name, 'utf8'))
      const sealed = Buffer.concat([
        nonce,
        cipher.update(clearText, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ])
      return `${VERSION}:${sealed.toString('base64')}`
    },
    open(name, sealed) {
      if (!sealed.startsWith(`${VERSION}:`))
        throw new SecretBoxError('the sealed text has an unknown version')
      const bytes = decode(sealed.slice(VERSION.length + 1))
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(Buffer.from(name, 'utf8'))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      try {
        const clear = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
        return Buffer.concat([clear, decipher.final()]).toString('utf8')
      } catch (error) {
        throw new SecretBoxError('the sealed text was changed, or belongs to another name or master key', {
          cause: error,
        })
      }
    },
  }
}
