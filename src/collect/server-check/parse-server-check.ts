import type { CheckedPrivilege, CheckedTool, ServerCheck } from '../../domain/server-check.ts'
import { type Text, text } from '../../domain/text.ts'
import { CHECKED_TOOLS, type CheckedToolName, PACKAGE_MANAGERS, type PackageManager } from './sections.ts'

const PURPOSES: Readonly<Record<CheckedToolName, Text>> = {
  dmidecode: text('内存条与插槽', 'memory modules and slots'),
  smartctl: text('硬盘健康(SMART)', 'drive health (SMART)'),
  lsblk: text('块设备', 'block devices'),
  ipmitool: text('BMC 传感器', 'BMC sensors'),
  ps: text('占用内存最多的进程', 'processes that use most memory'),
  timeout: text(
    '为每段读取设时限(没有时用自带的看门狗)',
    'time limits of each reading (without it a watchdog of ours)',
  ),
}

/** Package that holds the tool, by package manager where they differ (Debian, RHEL family, SUSE and Alpine package lists). */
const PACKAGES: Readonly<
  Record<CheckedToolName, { readonly usual: string } & Partial<Record<PackageManager, string>>>
> = {
  dmidecode: { usual: 'dmidecode' },
  smartctl: { usual: 'smartmontools' },
  lsblk: { usual: 'util-linux', apk: 'lsblk' },
  ipmitool: { usual: 'ipmitool' },
  ps: { usual: 'procps', dnf: 'procps-ng', yum: 'procps-ng' },
  timeout: { usual: 'coreutils' },
}

const INSTALL: Readonly<Record<PackageManager, string>> = {
  'apt-get': 'apt-get install -y',
  dnf: 'dnf install -y',
  yum: 'yum install -y',
  zypper: 'zypper --non-interactive install',
  apk: 'apk add',
}

const USER = /^[a-z_][a-z0-9_-]{0,31}\$?$/i
const PATH = /^\/[A-Za-z0-9/_.+-]{1,200}$/

/** Returns who logged in, from `id -u; id -un`; null where it cannot be read. */
export function parseLogin(stdout: string): ServerCheck['login'] {
  const [id = '', user = ''] = stdout.trim().split(/\r?\n/)
  return /^\d{1,10}$/.test(id) && USER.test(user) ? { user, isRoot: id === '0' } : null
}

/** Returns every tool probes call, found or not, with the command that installs a missing one there. */
export function parseTools(stdout: string): readonly CheckedTool[] {
  const found = new Map<string, string>()
  for (const line of stdout.split('\n')) {
    const [name = '', path = ''] = line.trim().split(' ')
    if (PATH.test(path)) found.set(name, path)
  }
  const manager = PACKAGE_MANAGERS.find((candidate) => found.has(candidate))
  return CHECKED_TOOLS.map((name) => {
    const path = found.get(name) ?? null
    return {
      name,
      path,
      purpose: PURPOSES[name],
      installCommand: path === null ? installCommand(name, manager) : null,
    }
  })
}

const installCommand = (name: CheckedToolName, manager: PackageManager | undefined): string | null =>
  manager === undefined ? null : `${INSTALL[manager]} ${PACKAGES[name][manager] ?? PACKAGES[name].usual}`

const STATES = ['root', 'permitted', 'refused', 'no_sudo'] as const

/** Returns the commands that need root with their state; lines of another form are left out. */
export function parsePrivileges(stdout: string): readonly CheckedPrivilege[] {
  return stdout.split('\n').flatMap((line) => {
    const [word = '', path = '', ...rest] = line.trim().split(' ')
    const state = STATES.find((candidate) => candidate === word)
    const sound = rest.every((argument) => /^[A-Za-z0-9/_.:,+=-]{1,200}$/.test(argument))
    return state === undefined || !PATH.test(path) || !sound
      ? []
      : [{ command: [path, ...rest].join(' '), state }]
  })
}

/** Characters that sudoers gives a meaning to; the manual wants them escaped in command arguments. */
const escapeSudoers = (command: string): string => command.replace(/[,:=\\]/g, '\\$&')

/**
 * Returns lines for `visudo` that permit exactly the commands refused now, each with all its arguments and no
 * wildcard (`dmidecode --dump-bin` writes files as root); null when none is refused.
 */
export function sudoersFragment(user: string, privileges: readonly CheckedPrivilege[]): string | null {
  const refused = privileges.filter(({ state }) => state === 'refused' || state === 'no_sudo')
  if (refused.length === 0) return null
  return refused.map(({ command }) => `${user} ALL=(root) NOPASSWD: ${escapeSudoers(command)}\n`).join('')
}
