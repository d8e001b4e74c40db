import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestSshd } from '../../../src/collect/transport/ssh/testing/sshd.ts'
import { startSshd } from '../../../src/collect/transport/ssh/testing/sshd.ts'
import type { SilentFilesystem } from './silent-filesystem.ts'
import { mountSilent } from './silent-filesystem.ts'

/** Where the disk that hangs is mounted. */
export const HUNG_DISK = '/mnt/disk'

/** A process on the server. */
export interface ServerProcess {
  readonly pid: number
  /** As in proc(5): `D` cannot be killed. */
  readonly state: string
  readonly name: string
}

/** A real sshd whose machine can be made ill. */
export interface SickServer {
  readonly sshd: TestSshd
  /** From now on: NFS dead, one disk hangs, /tmp full. */
  sicken(): void
  /** What hangs fails instead. */
  release(): void
  /** Every process but sshd itself. */
  processes(): readonly ServerProcess[]
  stop(): Promise<void>
}

const BANNER = `printf 'Authorized use only / 系统维护中\\nLast login: Mon Jan  1 00:00:00\\n'
echo 'bash: warning: setlocale: LC_ALL: cannot change locale (zh_CN.UTF-8)' >&2`

const HEALTHY_DRIVE = `{"device":{"protocol":"ATA"},"model_name":"EXAMPLE","serial_number":"$3","smart_status":{"passed":true}}`

/** Three drives; the second is on the disk that hangs, once there is one. */
const SMARTCTL = `#!/bin/sh
case $1 in
  --version) echo 'smartctl 7.4 2023-08-01' ; exit 0 ;;
  --scan) for name in sda sdb sdc; do echo "/dev/$name -d sat # /dev/$name"; done; exit 0 ;;
esac
case $* in *' /dev/sdb') cat ${HUNG_DISK}/sector >&2 ;; esac
echo '${HEALTHY_DRIVE}'
`

/** The folder of sshd stays in sight beside the small /tmp. */
const FILL_TMP = `set -e
mkdir ${dirname(HUNG_DISK)}/kept
mount --bind "$1" ${dirname(HUNG_DISK)}/kept
mount -t tmpfs -o size=64k tmpfs /tmp
case $1 in /tmp/*) mkdir -p "$1"; mount --bind ${dirname(HUNG_DISK)}/kept "$1" ;; esac
! cat /dev/zero >/tmp/full 2>/dev/null`

/** Starts a server that is well, behind a shell that prints a banner. Needs root, sshd and /dev/fuse. */
export async function startSickServer(): Promise<SickServer> {
  const folder = mkdtempSync(join(tmpdir(), 'smart-ops-sick-'))
  chmodSync(folder, 0o755)
  for (const name of ['tools', 'nfs', 'disk']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'tools', 'smartctl'), SMARTCTL, { mode: 0o755 })
  const image = join(folder, 'disk.img')
  writeFileSync(image, Buffer.alloc(1_048_576))
  const sshd = await startSshd([], `${BANNER}\nPATH=/mnt/tools:$PATH; export PATH\nexec /bin/sh "$@"`)
  const inside = (script: string, ...args: readonly string[]): string =>
    execFileSync('nsenter', [`--mount=/proc/${sshd.pid}/ns/mnt`, '/bin/sh', '-c', script, 'sh', ...args], {
      encoding: 'utf8',
    })
  try {
    inside('mount --bind "$1" /mnt', folder)
  } catch (error) {
    await sshd.stop()
    throw error
  }
  const silent: SilentFilesystem[] = []
  let loop: string | null = null
  const release = (): void => {
    for (const filesystem of silent.splice(0)) filesystem.release()
  }
  return {
    sshd,
    sicken() {
      const at = { namespacePid: sshd.pid }
      loop = execFileSync('losetup', ['-f', '--show', image], { encoding: 'utf8' }).trim()
      silent.push(
        mountSilent({
          ...at,
          type: 'fuse.nfs4',
          source: 'gone:/export',
          mountPoint: '/mnt/nfs',
          waits: 'killable',
        }),
        mountSilent({ ...at, type: 'fuseblk', source: loop, mountPoint: HUNG_DISK, waits: 'stuck' }),
      )
      inside(FILL_TMP, dirname(sshd.keyPath))
    },
    release,
    processes: () =>
      inside('cat /proc/[0-9]*/stat 2>/dev/null || true')
        .split('\n')
        .flatMap((line) => {
          const [, pid, name, state] = /^(\d+) \((.*)\) (\S)/.exec(line) ?? []
          return pid === undefined || name === undefined || state === undefined || /^sshd/.test(name)
            ? []
            : [{ pid: Number(pid), name, state }]
        }),
    async stop() {
      release()
      await sshd.stop()
      if (loop !== null) execFileSync('losetup', ['-d', loop])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
