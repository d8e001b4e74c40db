import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from './database-server.ts'

const INSTALL_DEADLINE_MS = 300_000
/** Tells Debian's packages not to start their daemons; see invoke-rc.d(8). */
const POLICY = '/usr/sbin/policy-rc.d'

/** Installs Debian packages, as root or through `sudo -n`. Throws with apt's last lines when that fails. */
export async function aptInstall(packages: readonly string[], logDir: string): Promise<void> {
  const isRoot = process.getuid?.() === 0
  const prefix = isRoot ? [] : ['sudo', '-n']
  const apt = async (...parameters: string[]): Promise<void> => {
    const [program = 'env', ...rest] = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      ...parameters,
    ]
    await runToEnd([program, ...rest], { logPath: join(logDir, 'apt.log'), deadlineMs: INSTALL_DEADLINE_MS })
  }
  const ownPolicy = isRoot && !existsSync(POLICY)
  if (ownPolicy) {
    writeFileSync(POLICY, '#!/bin/sh\nexit 101\n')
    chmodSync(POLICY, 0o755)
  }
  const lockWait = '-oDPkg::Lock::Timeout=120'
  try {
    await apt(lockWait, '-qq', 'update')
    await apt(lockWait, 'install', '-y', '--no-install-recommends', ...packages)
  } finally {
    if (ownPolicy) rmSync(POLICY, { force: true })
  }
}
