import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { notice } from './notice.ts'

/** A Debian package that some tests need, and files any of which shows that it is there. */
interface NeededPackage {
  readonly name: string
  readonly shownBy: readonly string[]
}

const NEEDED: readonly NeededPackage[] = [
  { name: 'mariadb-server-core', shownBy: ['/usr/sbin/mariadbd'] },
  { name: 'mariadb-client-core', shownBy: ['/usr/bin/mariadb'] },
  { name: 'busybox-static', shownBy: ['/bin/busybox', '/usr/bin/busybox'] },
  { name: 'dmidecode', shownBy: ['/usr/sbin/dmidecode'] },
  { name: 'smartmontools', shownBy: ['/usr/sbin/smartctl'] },
  { name: 'openssh-server', shownBy: ['/usr/sbin/sshd'] },
  { name: 'shellcheck', shownBy: ['/usr/bin/shellcheck'] },
  { name: 'tcsh', shownBy: ['/usr/bin/tcsh', '/bin/tcsh'] },
  { name: 'fish', shownBy: ['/usr/bin/fish'] },
  { name: 'chromium', shownBy: ['/usr/bin/chromium'] },
  { name: 'fonts-wqy-microhei', shownBy: ['/usr/share/fonts/truetype/wqy/wqy-microhei.ttc'] },
]

const INSTALL_DEADLINE_MS = 300_000
const POLICY = '/usr/sbin/policy-rc.d'

const missingPackages = () => NEEDED.filter(({ shownBy }) => !shownBy.some((path) => existsSync(path)))

/** Returns the words before a command that needs root: none for root, `sudo -n` where that works, null otherwise. */
function asRoot(): readonly string[] | null {
  if (process.getuid?.() === 0) return []
  return spawnSync('sudo', ['-n', 'true'], { timeout: 10_000 }).status === 0 ? ['sudo', '-n'] : null
}

function aptGet(prefix: readonly string[], args: readonly string[]): string | null {
  const [program = 'apt-get', ...rest] = [
    ...prefix,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    ...args,
  ]
  const result = spawnSync(program, rest, { encoding: 'utf8', timeout: INSTALL_DEADLINE_MS })
  if (result.status === 0) return null
  return (result.error?.message ?? result.stderr.trim().split('\n').at(-1)) || `exit status ${result.status}`
}

/**
 * Installs the Debian packages that tests need and that are not there, in one call. Where that is not possible it
 * says so: the tests that need them are then skipped by their names. `SMART_OPS_TEST_INSTALL=never` forbids it.
 */
export function installDebianPackages(): void {
  const names = missingPackages().map(({ name }) => name)
  if (names.length === 0) return
  const list = names.join(' ')
  const prefix = asRoot()
  if (
    process.env['SMART_OPS_TEST_INSTALL'] === 'never' ||
    !existsSync('/usr/bin/apt-get') ||
    prefix === null
  ) {
    notice(`not installed, tests that need them are skipped: ${list} (root and apt-get are needed)`)
    return
  }
  process.stdout.write(`installing for the tests: ${list}\n`)
  // Without this a package could start its daemon on the machine that runs the tests.
  const forbidsDaemons = prefix.length === 0 && !existsSync(POLICY)
  if (forbidsDaemons) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const failure =
      aptGet(prefix, ['update', '-qq']) ??
      aptGet(prefix, ['install', '-y', '-qq', '--no-install-recommends', ...names])
    if (failure !== null) notice(`apt-get could not install ${list}: ${failure}`)
  } finally {
    if (forbidsDaemons) rmSync(POLICY, { force: true })
  }
}
