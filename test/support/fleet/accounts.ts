import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findTool } from '../../../src/collect/testing/find-tool.ts'

/** How to log in to a fleet; the accounts exist in its namespace only. */
export interface FleetAccounts {
  /** An ordinary user with `sudo -n`. `root` has the same keys and password. */
  readonly user: 'ops'
  readonly password: string
  readonly privateKeyPath: string
  /** OpenSSH form, without a passphrase. */
  readonly privateKey: string
}

/** Where the machine has the program; its bare name, which then fails by that name, where it has none. */
const programOf = (name: string): string => findTool(name) ?? name

/** Makes an ed25519 key pair without a passphrase. */
export function makeKey(path: string): void {
  execFileSync(programOf('ssh-keygen'), ['-q', '-t', 'ed25519', '-N', '', '-C', 'fleet', '-f', path], {
    timeout: 10_000,
  })
}

/** Returns the key's fingerprint as OpenSSH writes it, `SHA256:…`. */
export function fingerprintOf(path: string): string {
  const line = execFileSync(programOf('ssh-keygen'), ['-l', '-E', 'sha256', '-f', `${path}.pub`], {
    encoding: 'utf8',
    timeout: 10_000,
  })
  return line.split(' ')[1] ?? ''
}

/**
 * Makes a password and a client key in `directory`, and the files passwd, group, shadow and authorized_keys in
 * `directory`/etc, for accounts with the login shell given.
 */
export function makeAccounts(directory: string, shell: string): FleetAccounts {
  const etc = join(directory, 'etc')
  mkdirSync(etc, { recursive: true })
  const password = `Fleet-${randomBytes(9).toString('base64url')}`
  const hash = execFileSync(programOf('openssl'), ['passwd', '-5', '-stdin'], {
    input: `${password}\n`,
    encoding: 'utf8',
    timeout: 10_000,
  }).trim()
  const privateKeyPath = join(directory, 'client-key')
  makeKey(privateKeyPath)
  const files: Readonly<Record<string, readonly string[]>> = {
    passwd: [
      `root:x:0:0:root:/:${shell}`,
      'sshd:x:101:65534::/run/sshd:/usr/sbin/nologin',
      'nobody:x:65534:65534:nobody:/:/usr/sbin/nologin',
      `ops:x:20000:20000::/:${shell}`,
    ],
    group: ['root:x:0:', 'nogroup:x:65534:', 'ops:x:20000:'],
    shadow: [`root:${hash}:19000:0:99999:7:::`, 'sshd:*:19000::::::', `ops:${hash}:19000:0:99999:7:::`],
    authorized_keys: [readFileSync(`${privateKeyPath}.pub`, 'utf8').trim()],
  }
  for (const [name, lines] of Object.entries(files))
    writeFileSync(join(etc, name), `${lines.join('\n')}\n`, { mode: name === 'shadow' ? 0o600 : 0o644 })
  return { user: 'ops', password, privateKeyPath, privateKey: readFileSync(privateKeyPath, 'utf8') }
}
