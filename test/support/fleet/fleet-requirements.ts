import { spawnSync } from 'node:child_process'
import { findTool } from '../../../src/collect/testing/find-tool.ts'

/** Programs and the Debian packages that bring them. */
const PROGRAMS = [
  ['sshd', 'openssh-server'],
  ['ssh-keygen', 'openssh-client'],
  ['unshare', 'util-linux'],
  ['hostname', 'hostname'],
  ['openssl', 'openssl'],
  ['dmidecode', 'dmidecode'],
  ['smartctl', 'smartmontools'],
] as const

const NAMESPACES = ['--mount', '--pid', '--uts', '--fork', '--propagation', 'private', 'unshare'] as const

/**
 * Returns why a fleet cannot be had on this machine, naming what is missing, or null when it can: root, the programs,
 * and namespaces, those of ordinary users included. For `test(…, { skip: whyNoFleet() ?? false })`.
 */
export function whyNoFleet(): string | null {
  if (process.platform !== 'linux') return `no SSH fleet on ${process.platform}: it needs Linux namespaces`
  if (process.getuid?.() !== 0) return 'no SSH fleet: it needs root for mount and pid namespaces'
  const missing = PROGRAMS.filter(([program]) => findTool(program) === null)
  if (missing.length > 0)
    return `no SSH fleet: missing ${missing.map(([program, name]) => `${program} (package ${name})`).join(', ')}`
  const asUser = ['unshare', '--user', '--map-user=20000', '--map-group=20000', 'true']
  const inner = ['--user', '--map-root-user', '--mount', ...asUser]
  const probe = spawnSync('unshare', [...NAMESPACES, ...inner], { encoding: 'utf8', timeout: 10_000 })
  if (probe.status === 0) return null
  return `no SSH fleet: no namespaces here (${probe.error?.message ?? probe.stderr.trim()})`
}
