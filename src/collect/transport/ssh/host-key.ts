import { createHash } from 'node:crypto'
import type { ServerHostKeyAlgorithm } from 'ssh2'
import type { KnownHost, ShownHostKey } from '../../../domain/known-host.ts'
import type { Clock } from '../../../lib/clock.ts'

/** Where the keys of hosts are remembered. */
export interface KnownHostsPort {
  find(host: string, port: number): Promise<KnownHost | null>
  /** Stores a key on first use, or when it was last seen; returns what is stored, which stays the older key when they differ. */
  record(key: ShownHostKey): Promise<KnownHost>
}

/** What a shown key means. */
export type HostKeyVerdict =
  | { readonly status: 'known' }
  | { readonly status: 'first_use'; readonly key: ShownHostKey }
  | { readonly status: 'changed'; readonly message: string }

const LAST_SEEN_STEP_MS = 86_400_000

const ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
]

/**
 * Returns the host key algorithms to offer, those of the recorded key first: a server that got a further kind of key
 * still shows the recorded one. Null when nothing is recorded.
 */
export function algorithmsFor(known: KnownHost | null): ServerHostKeyAlgorithm[] | null {
  if (known === null) return null
  const own = (name: string): boolean =>
    known.keyType === 'ssh-rsa' ? name.includes('rsa') : name === known.keyType
  return [...ALGORITHMS.filter(own), ...ALGORITHMS.filter((name) => !own(name))]
}

/** Returns the kind and fingerprint of a key in SSH's wire format (RFC 4253, 6.6), as `ssh-keygen -l` prints them. */
export function describeKey(blob: Buffer): Pick<ShownHostKey, 'keyType' | 'fingerprint'> {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0
  const keyType = blob.subarray(4, 4 + Math.min(length, 64)).toString('latin1')
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')
  return { keyType, fingerprint: `SHA256:${digest}` }
}

const changed = (known: KnownHost, shown: ShownHostKey): HostKeyVerdict => ({
  status: 'changed',
  message:
    `the host key of ${shown.host} port ${shown.port} has changed: recorded ${known.keyType} ${known.fingerprint} ` +
    `(first seen ${known.firstSeenAt.toISOString()}), shown now ${shown.keyType} ${shown.fingerprint}. Nothing was ` +
    'sent to it. Find out whether the system was installed anew; only then remove the recorded key',
})

/** Remembers in memory what was verified, so that a database that is away does not cut off known servers. */
export interface HostKeys {
  find(host: string, port: number): Promise<KnownHost | null>
  /** Judges a shown key and records it on first use. Rejects when the port does. */
  judge(host: string, port: number, blob: Buffer): Promise<HostKeyVerdict>
}

/** Returns the judge of host keys over the port. */
export function createHostKeys(port: KnownHostsPort, clock: Clock): HostKeys {
  const seen = new Map<string, KnownHost>()
  const remember = (known: KnownHost): void => {
    seen.set(`${known.host} ${known.port}`, known)
  }
  return {
    async find(host, portNumber) {
      const found = seen.get(`${host} ${portNumber}`) ?? (await port.find(host, portNumber))
      if (found !== null) remember(found)
      return found
    },
    async judge(host, portNumber, blob) {
      const at = clock.now()
      const shown: ShownHostKey = { host, port: portNumber, ...describeKey(blob), at }
      const remembered = seen.get(`${host} ${portNumber}`) ?? null
      const isSame = (known: KnownHost | null): known is KnownHost => known?.fingerprint === shown.fingerprint
      // A difference is judged by the stored key, not the remembered one: a person may have accepted the new one.
      const known = isSame(remembered) ? remembered : await port.find(host, portNumber)
      if (known !== null && !isSame(known)) return changed(known, shown)
      if (known !== null && at.getTime() - known.lastSeenAt.getTime() < LAST_SEEN_STEP_MS) {
        remember(known)
        return { status: 'known' }
      }
      const stored = await port.record(shown)
      if (!isSame(stored)) return changed(stored, shown)
      remember(stored)
      return known === null ? { status: 'first_use', key: shown } : { status: 'known' }
    },
  }
}
