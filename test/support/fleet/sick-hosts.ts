import type { ServerInspection } from '../../../src/domain/inspection.ts'
import type { HostFacts } from './host-facts.ts'
import type { HostFault } from './host-fault.ts'

/** What the product has to say of a host on which something is wrong. */
export interface SickHost {
  readonly fault: HostFault
  /** Why it is not read; null: it is read. */
  readonly reason: NonNullable<ServerInspection['unreachable']>['reason'] | null
  /** The cause in the message. */
  readonly says?: RegExp
  /** Facts that cannot be had; all others are right. */
  readonly without?: readonly (keyof HostFacts)[]
  /** How sections end that have to say so themselves, and that what would mend them is told. */
  readonly unread?: Readonly<Record<string, ServerInspection['sections'][number]['status']>>
  /** It fails in the middle: each fact is right or absent. */
  readonly isPartly?: true
}

const read = (fault: HostFault): SickHost => ({ fault, reason: null })

/** The fourth login at the same time is dropped by the one sshd that plays them all. */
const THROTTLED = 6

/** Every fault that a host can have, once. `other-host-key` begins `through-proxy` and is set when its key is known. */
export const SICK_HOSTS: readonly SickHost[] = [
  read({ kind: 'noise' }),
  read({ kind: 'noise-err' }),
  read({ kind: 'slow', seconds: 2 }),
  read({ kind: 'banner' }),
  read({ kind: 'delay', ms: 20 }),
  read({ kind: 'rate', bytesPerSecond: 20_000 }),
  read({ kind: 'login-shell', program: '/bin/bash' }),
  read({ kind: 'login-shell', program: '/bin/busybox ash' }),
  // All that the script prints has come: how the channel ends does not matter.
  read({ kind: 'no-exit-code' }),
  read({ kind: 'exit-signal' }),
  read({ kind: 'never-closed' }),
  ...Array.from({ length: THROTTLED }, () => read({ kind: 'throttled' })),
  {
    fault: { kind: 'no-path' },
    reason: null,
    // The stand-ins of the fleet are found by PATH alone: what they would say is what the real tools do not.
    without: ['slotCount', 'modules', 'filesystems', 'disks', 'drives'],
  },
  {
    fault: { kind: 'missing-tools', tools: ['dmidecode', 'smartctl', 'lsblk'] },
    reason: null,
    without: ['slotCount', 'modules', 'disks', 'drives'],
    unread: {
      'memory.inventory': 'unsupported',
      'disk.block_devices': 'unsupported',
      'disk.smart': 'unsupported',
    },
  },
  {
    fault: { kind: 'sudo-refused' },
    reason: null,
    without: ['slotCount', 'modules', 'drives'],
    unread: { 'memory.inventory': 'denied', 'disk.smart': 'denied' },
  },
  { fault: { kind: 'hang' }, reason: 'timeout', says: /shell did not start in time/ },
  { fault: { kind: 'exit', code: 7 }, reason: 'shell_failed', says: /ended with code 7/ },
  { fault: { kind: 'no-shell' }, reason: 'shell_failed', says: /code 127.*\/bin\/sh: not found/ },
  {
    fault: { kind: 'flood', bytes: 300_000_000 },
    reason: 'shell_failed',
    says: /without running the script/,
  },
  {
    fault: { kind: 'drop', seconds: 0.2 },
    reason: 'connect_failed',
    says: /lost|ended the connection/,
    isPartly: true,
  },
  {
    // On a busy machine the handshake may not be over by then.
    fault: { kind: 'drop-after', ms: 350 },
    reason: 'connect_failed',
    says: /lost|ended the connection|closed before the handshake/,
    isPartly: true,
  },
  // In the key exchange, and in the middle of the script's output.
  {
    fault: { kind: 'drop-bytes', bytes: 1_200 },
    reason: 'connect_failed',
    says: /closed before the handshake/,
  },
  { fault: { kind: 'drop-bytes', bytes: 8_000 }, reason: 'connect_failed', says: /lost/, isPartly: true },
  {
    fault: { kind: 'stall-bytes', bytes: 1_200 },
    reason: 'timeout',
    says: /did not finish the SSH handshake/,
  },
  {
    fault: { kind: 'stall-bytes', bytes: 8_000 },
    reason: null,
    unread: { 'sensors.hwmon': 'timeout' },
    isPartly: true,
  },
  { fault: { kind: 'auth-refused' }, reason: 'login_refused', says: /tried publickey.*Check the account/ },
  { fault: { kind: 'closed-port' }, reason: 'connect_failed', says: /ECONNREFUSED.*nothing listens/ },
  { fault: { kind: 'reset' }, reason: 'connect_failed', says: /ECONNRESET/ },
  { fault: { kind: 'close' }, reason: 'connect_failed', says: /closed before the handshake/ },
  { fault: { kind: 'silent' }, reason: 'timeout', says: /did not finish the SSH handshake/ },
  { fault: { kind: 'garbage' }, reason: 'connect_failed', says: /handshake/ },
  { fault: { kind: 'through-proxy' }, reason: 'host_key_changed', says: /SHA256:.*SHA256:/s },
  { fault: { kind: 'hang-in-login' }, reason: 'timeout', says: /did not answer the login/ },
  { fault: { kind: 'exec-unanswered' }, reason: 'timeout', says: /did not answer the request for a shell/ },
  { fault: { kind: 'exec-refused' }, reason: 'shell_failed', says: /refuses to start a shell/ },
]
