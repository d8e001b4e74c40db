import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findTool } from '../../../testing/find-tool.ts'

/** A real sshd on every loopback address, with the accounts root and ops of its own mount namespace. */
export interface TestSshd {
  readonly port: number
  /** Private key of both accounts. */
  readonly key: string
  readonly keyPath: string
  readonly password: string
  /** A process in the mount namespace of the accounts, whose /proc shows the processes of the sessions only. */
  readonly pid: number
  /** What sshd logged so far. */
  log(): string
  stop(): Promise<void>
}

/** Why no sshd can be had here; null when it can. */
export const whyNoSshd = (): string | false => {
  if (process.getuid?.() !== 0) return 'sshd: needs root for its own accounts'
  for (const tool of ['sshd', 'ssh-keygen', 'unshare', 'openssl'])
    if (findTool(tool) === null) return `sshd: ${tool} is not installed`
  return false
}

const listensOn = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

/** Returns a free port below the ephemeral range. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
  throw new Error('no free port found')
}

const PASSWORD = 'Only-a-test-7'

function writeAccounts(folder: string, shell: string): void {
  const hash = execFileSync('openssl', ['passwd', '-5', '-salt', 'test', PASSWORD], {
    encoding: 'utf8',
  }).trim()
  const accounts = [
    `root:x:0:0:root:${folder}/home:${shell}`,
    'sshd:x:101:65534::/run/sshd:/usr/sbin/nologin',
    'nobody:x:65534:65534:nobody:/:/usr/sbin/nologin',
    `ops:x:20000:20000::${folder}/home:${shell}`,
  ]
  writeFileSync(join(folder, 'passwd'), `${accounts.join('\n')}\n`)
  writeFileSync(join(folder, 'shadow'), `root:${hash}:19000:0:99999:7:::\nops:${hash}:19000:0:99999:7:::\n`)
}

/** Starts sshd in a temporary folder; `config` are further lines of sshd_config, `shellBody` replaces the login shell. */
export async function startSshd(config: readonly string[] = [], shellBody?: string): Promise<TestSshd> {
  const folder = mkdtempSync(join(tmpdir(), 'smart-ops-sshd-'))
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'home'))
  const port = await freePort()
  for (const name of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', join(folder, name)])
  let shell = '/bin/sh'
  if (shellBody !== undefined) {
    shell = join(folder, 'shell')
    writeFileSync(shell, `#!/bin/sh\n${shellBody}\n`)
    chmodSync(shell, 0o755)
  }
  writeAccounts(folder, shell)
  // What PAM asks by default also depends on modules that a test machine need not have.
  writeFileSync(join(folder, 'pam'), 'auth required pam_unix.so\naccount required pam_unix.so\n')
  const lines = [
    ...config,
    `Port ${port}`,
    'ListenAddress 0.0.0.0',
    `HostKey ${folder}/host`,
    `PidFile ${folder}/pid`,
    `AuthorizedKeysFile ${folder}/user.pub`,
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PermitRootLogin yes',
    'PasswordAuthentication yes',
    'MaxStartups 1000',
    'LogLevel VERBOSE',
  ]
  writeFileSync(join(folder, 'config'), `${lines.join('\n')}\n`)
  const start = [
    `mount --bind ${folder}/passwd /etc/passwd`,
    `mount --bind ${folder}/shadow /etc/shadow`,
    `[ ! -e /etc/pam.d/sshd ] || mount --bind ${folder}/pam /etc/pam.d/sshd`,
    'mkdir -p /run/sshd',
    `exec /usr/sbin/sshd -D -r -f ${folder}/config -E ${folder}/log`,
  ]
  const child = spawn(
    'unshare',
    [
      '-m',
      '-p',
      '--fork',
      '--kill-child=KILL',
      '--mount-proc',
      '--propagation',
      'private',
      '/bin/sh',
      '-ec',
      start.join('\n'),
    ],
    {
      stdio: 'ignore',
    },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  for (let left = 100; left > 0 && !(await listensOn(port)); left -= 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
  return {
    port,
    key: readFileSync(join(folder, 'user'), 'utf8'),
    keyPath: join(folder, 'user'),
    password: PASSWORD,
    pid: child.pid ?? Number.NaN,
    log: () => readFileSync(join(folder, 'log'), 'utf8'),
    async stop() {
      // TERM to unshare is ignored; with KILL the whole namespace ends, sessions included.
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
