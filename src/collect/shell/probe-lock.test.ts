import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { composeScript } from '../compose-script.ts'
import { findBusyNote } from '../section-markers.ts'
import { splitSections } from '../split-sections.ts'
import { findTool } from '../testing/find-tool.ts'
import { processesWith, waitForNone } from '../testing/list-processes.ts'
import { sectionOf, TEST_NONCE } from '../testing/run-probe.ts'
import { busyboxTools, type StubTools, shellAsSh, stubTools } from '../testing/stub-tools.ts'

const SHELLS = [
  ['dash', []],
  ['bash', []],
  ['busybox', ['ash']],
] as const

/** What a probe script printed, while it runs and after. */
function start(script: string, shell: readonly [string, ...string[]], path: string) {
  const [command, ...args] = shell
  const child = spawn(command, [...args, '-s'], {
    env: { PATH: path },
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  })
  const chunks: Buffer[] = []
  const said = (): Buffer => Buffer.concat(chunks)
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.stdin.end(script)
  return {
    child,
    exited,
    async saysBegin() {
      while (!said().includes('out begin')) await new Promise((resolve) => setTimeout(resolve, 10))
    },
    async end() {
      await closed
      const sections = splitSections(said(), Buffer.alloc(0), TEST_NONCE)
      return {
        names: [...sections.keys()],
        stdout: sections.get('test.one')?.stdout ?? null,
        busy: findBusyNote(said(), TEST_NONCE),
      }
    },
  }
}

let marks = 0
/** A length of sleep that no other process on this machine has. */
const newMark = (): string => {
  marks += 1
  return `5${String(process.pid).padStart(8, '0')}${marks}`
}

describe('the lock of a look', {
  skip: findTool('flock') === null ? 'flock is not installed' : false,
  concurrency: 4,
}, () => {
  let folder = ''
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'smart-ops-lock-'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))
  const lockFile = (name: string): string => {
    const path = join(folder, name)
    writeFileSync(path, '')
    return path
  }
  const look = (path: string, body: string, waitSeconds: number): string =>
    composeScript([sectionOf('one', body, 600)], TEST_NONCE, { lock: { path, waitSeconds } })

  for (const [name, args] of SHELLS) {
    const shell = findTool(name)
    test(`${name}: held while anything of the look lives, also without its shell`, {
      skip: shell === null ? `${name} is not installed` : false,
    }, async () => {
      using tools: StubTools = name === 'busybox' ? busyboxTools(shell ?? '') : shellAsSh(shell ?? '')
      const path = lockFile(name)
      const mark = newMark()
      const run = (body: string, waitSeconds: number) =>
        start(look(path, body, waitSeconds), [shell ?? '', ...args], tools.path)
      const first = run(`sleep ${mark}`, 0)
      await first.saysBegin()
      const second = await run('echo no', 1).end()
      assert.deepEqual(second.names, [], 'nothing is started beside it')
      assert.match(second.busy ?? '', new RegExp(`(?:^| )${first.child.pid} `))
      first.child.kill('SIGKILL')
      await first.exited
      assert.notEqual((await run('echo no', 0).end()).busy, null, 'its child lives on')
      const watchdogs = name === 'busybox' ? [-(first.child.pid ?? Number.NaN)] : []
      const waiting = run('echo yes', 20)
      await new Promise((resolve) => setTimeout(resolve, 300))
      for (const pid of processesWith(mark)) process.kill(pid, 'SIGKILL')
      const { names } = await waiting.end()
      assert.deepEqual(names, ['test.one'], 'what waited has its turn')
      // Where there is no usable `timeout`, the watchdog is left of the killed shell; it holds no lock.
      for (const group of watchdogs) process.kill(group, 'SIGKILL')
      assert.deepEqual(await waitForNone(mark), [])
    })
  }

  test('goes along as stdin with what runs under sudo, which closes all else', async () => {
    using tools = stubTools({
      id: 'echo 1000',
      sudo: 'shift; exec 9<&-; exec "$@"',
      tool: 'readlink /proc/$$/fd/0; [ -e /proc/$$/fd/9 ] || echo closed',
    })
    const path = lockFile('sudo')
    const script = composeScript([sectionOf('one', 'as_root tool')], TEST_NONCE, {
      lock: { path, waitSeconds: 0 },
    })
    const { stdout } = await start(script, ['/bin/sh'], tools.path).end()
    assert.equal(stdout, `${path}\nclosed\n`)
  })

  test('without a usable flock, or without the file, looks go on', async () => {
    using broken = stubTools({ flock: 'exit 64' })
    const path = lockFile('none')
    const first = start(look(path, 'sleep 1', 0), ['/bin/sh'], broken.path)
    await first.saysBegin()
    assert.deepEqual((await start(look(path, 'echo yes', 0), ['/bin/sh'], broken.path).end()).busy, null)
    await first.end()
    const gone = await start(
      look('/no/such file', 'echo yes', 0),
      ['/bin/sh'],
      process.env['PATH'] ?? '',
    ).end()
    assert.deepEqual([gone.stdout, gone.busy], ['yes\n', null])
  })
})
