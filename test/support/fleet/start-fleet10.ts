import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runToEnd } from '../databases/database-server.ts'
import { findFreePort } from '../databases/free-port.ts'
import { type FleetAccounts, fingerprintOf, makeAccounts, makeKey } from './accounts.ts'
import { whyNoFleet } from './fleet-requirements.ts'
import { startInNamespace } from './namespace-process.ts'
import { sshdConfig } from './sshd-config.ts'

const FETCH_DEADLINE_MS = 300_000
/** PerSourcePenalties came with OpenSSH 9.8; this is about servers that have them on by themselves. */
const OLDEST_MAJOR = 10

/** A running sshd of OpenSSH 10 or later, with its defaults for penalties. Every 127.x address reaches it. */
export interface Fleet10 extends FleetAccounts {
  readonly port: number
  /** Of the package, such as `1:10.6p1-1`. */
  readonly version: string
  readonly hostKeyFingerprint: string
  /** What sshd logged so far: every login, and every one that it refused. */
  log(): string
  stop(): Promise<void>
}

/** Where the downloaded OpenSSH is kept from one run to the next: with the packages, so that it goes when they go. */
export const opensshCacheOf = (root: string): string => join(root, 'node_modules/.cache/smart-ops/openssh')

/** Downloads into a folder of this process and moves it into place, so that the cache is whole or absent. */
async function fetchOnce(root: string): Promise<void> {
  if (existsSync(join(root, 'VERSION'))) return
  const fresh = `${root}.${process.pid}`
  mkdirSync(fresh, { recursive: true })
  try {
    const script = fileURLToPath(new URL('./fetch-openssh.sh', import.meta.url))
    await runToEnd(['sh', script, fresh], { logPath: `${fresh}.log`, deadlineMs: FETCH_DEADLINE_MS })
    await rm(root, { recursive: true, force: true })
    await rename(fresh, root)
  } finally {
    await rm(fresh, { recursive: true, force: true })
    await rm(`${fresh}.log`, { force: true })
  }
}

/** The download is only read: what this fleet adds lies in memory over its folders, in this namespace alone. */
function writeScript(directory: string, root: string): string {
  const path = join(directory, 'start')
  writeFileSync(
    path,
    `exec >"$(dirname "$0")/log" 2>&1
set -e
stage=$(dirname "$0")/stage
root='${root.replaceAll("'", "'\\''")}'
mount --bind "$root" /mnt
for name in etc run tmp root; do mount -t tmpfs -o mode=755 tmpfs /mnt/$name; done
mount --rbind /dev /mnt/dev
mount -t proc proc /mnt/proc
mkdir -m 755 -p /mnt/run/sshd
cp -a "$stage/etc/." /mnt/etc/
chown -R root:root /mnt/etc
exec chroot /mnt /usr/sbin/sshd -D -e -f /etc/sshd_config
`,
  )
  return path
}

const isNewEnough = (version: string): boolean =>
  Number(/^(?:\d+:)?(\d+)\./.exec(version)?.[1] ?? 0) >= OLDEST_MAJOR

function whyNot(error: unknown): null {
  const said = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ')
  process.stdout.write(`NOTICE no OpenSSH ${OLDEST_MAJOR}: ${said.trim().slice(0, 300)}\n`)
  return null
}

/**
 * Starts an OpenSSH of Debian's newest release under `directory`, downloaded into `cache` once. Returns null after one
 * NOTICE line when it cannot be had. Throws when a downloaded one does not start.
 */
export async function startFleet10(options: {
  readonly directory: string
  readonly cache: string
  readonly port?: number
}): Promise<Fleet10 | null> {
  const reason = whyNoFleet()
  if (reason !== null) return whyNot(reason)
  const root = resolve(options.cache)
  try {
    await fetchOnce(root)
  } catch (error) {
    return whyNot(error)
  }
  const version = readFileSync(join(root, 'VERSION'), 'utf8').trim()
  if (!isNewEnough(version)) return whyNot(`Debian's newest is ${version}`)
  const stage = join(options.directory, 'stage')
  const accounts = makeAccounts(stage, '/bin/dash')
  const hostKey = join(stage, 'etc/host-key')
  makeKey(hostKey)
  const port = options.port ?? (await findFreePort())
  const same = { maxStartups: '4096', refusing: [], greeting: [], logLevel: 'INFO' } as const
  writeFileSync(
    join(stage, 'etc/sshd_config'),
    sshdConfig({ port, etc: '/etc', hostKey: 'host-key', ...same }),
  )
  const log = join(options.directory, 'log')
  const sshd = await startInNamespace(writeScript(options.directory, root), [port], log)
  return {
    ...accounts,
    port,
    version,
    hostKeyFingerprint: fingerprintOf(hostKey),
    log: () => readFileSync(log, 'utf8'),
    stop: sshd.stop,
  }
}
