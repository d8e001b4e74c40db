import { createHash } from 'node:crypto'
import type { ParsedKey } from 'ssh2'
import ssh2 from 'ssh2'
import { convertPkcs8, isPkcs8 } from './pkcs8-key.ts'
import type { SshCredential } from './ssh-target.ts'

const { utils } = ssh2

/** A key that can be used, or in one sentence why it cannot. The sentence never holds the key or its passphrase. */
export type KeyReading =
  | { readonly status: 'ok'; readonly key: ParsedKey }
  | { readonly status: 'unusable'; readonly message: string }

const unusable = (message: string): KeyReading => ({ status: 'unusable', message })

function parse(keyText: string, passphrase: string | null): ParsedKey | Error {
  try {
    return passphrase === null ? utils.parseKey(keyText) : utils.parseKey(keyText, passphrase)
  } catch (error) {
    // Some damaged keys make the parser throw instead of returning the error.
    return error instanceof Error ? error : new Error(String(error))
  }
}

const ENCRYPTED = 'the private key is encrypted: configure its passphrase'
const DOES_NOT_OPEN = 'the private key does not open with the configured passphrase'
const UNREADABLE =
  'the private key is not in a format that can be read (OpenSSH, PEM or PPK 2): ' +
  '`ssh-keygen -p -f KEYFILE` rewrites it in OpenSSH format'
// OpenSSH refuses DSA since 7.0 (release notes, 2015).
const DSA = 'DSA keys are refused by OpenSSH since 7.0: make an Ed25519 key with `ssh-keygen -t ed25519`'

function readPkcs8(keyText: string, passphrase: string | null): KeyReading {
  const converted = convertPkcs8(keyText, passphrase)
  switch (converted.status) {
    case 'ok':
      return readPrivateKey(converted.keyText, null)
    case 'encrypted':
      return unusable(ENCRYPTED)
    case 'does_not_open':
      return unusable(passphrase === null ? UNREADABLE : DOES_NOT_OPEN)
    case 'wrong_kind':
      return unusable(
        converted.kind === 'dsa'
          ? DSA
          : `SSH has no keys of the kind ${converted.kind}: make an Ed25519 key with \`ssh-keygen -t ed25519\``,
      )
  }
}

/** Returns the private key of a text in OpenSSH, PEM (PKCS 8 too) or PuTTY (PPK 2) format, decrypted where it is encrypted. */
export function readPrivateKey(keyText: string, passphrase: string | null): KeyReading {
  if (isPkcs8(keyText)) return readPkcs8(keyText, passphrase)
  const parsed = parse(keyText, passphrase)
  if (parsed instanceof Error) {
    if (/passphrase (?:given|provided|supplied)|no passphrase/i.test(parsed.message) && passphrase === null)
      return unusable(ENCRYPTED)
    if (passphrase !== null) return unusable(DOES_NOT_OPEN)
    return unusable(UNREADABLE)
  }
  if (!parsed.isPrivateKey())
    return unusable(
      'this is a public key: configure the private key, the file of the same name without `.pub`',
    )
  if (parsed.type === 'ssh-dss') return unusable(DSA)
  return { status: 'ok', key: parsed }
}

/** Returns a reader that decrypts each key only once (an encrypted one costs some 100 ms of CPU). */
export function createKeyReader(): (credential: SshCredential) => KeyReading | null {
  const read = new Map<string, KeyReading>()
  return ({ privateKey, passphrase }) => {
    if (privateKey === null) return null
    const text = privateKey.reveal()
    const secret = passphrase?.reveal() ?? null
    const id = createHash('sha256')
      .update(JSON.stringify([text, secret]))
      .digest('base64')
    const known = read.get(id) ?? readPrivateKey(text, secret)
    read.set(id, known)
    return known
  }
}
