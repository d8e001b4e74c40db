import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readlinkSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { linesOfKey, watchForSecrets } from './secret-watch.ts'

const skip = process.platform === 'linux' && process.getuid?.() === 0 ? false : 'needs root on Linux'

async function whileRunning(children: readonly ChildProcess[], work: () => Promise<void>): Promise<void> {
  const ended = children.map((child) => once(child, 'exit'))
  try {
    await work()
  } finally {
    for (const child of children) child.kill('SIGKILL')
    await Promise.all(ended)
  }
}

test('a secret in a command line, an environment or another pid namespace is seen', { skip }, async () => {
  const [argument, variable, inside] = ['canary-argument-1', 'canary-variable-2', 'canary-inside-3']
  const apart = ['--pid', '--fork', '--kill-child=KILL', 'sh', '-c', 'read -r line', inside]
  const children = [
    spawn('sh', ['-c', 'read -r line', argument], { stdio: ['pipe', 'ignore', 'ignore'] }),
    spawn('sh', ['-c', 'read -r line'], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { ...process.env, CANARY: variable },
    }),
    spawn('unshare', apart, { stdio: ['pipe', 'ignore', 'ignore'] }),
  ]
  const watch = watchForSecrets(
    new Map([
      ['argument', argument],
      ['variable', variable],
      ['inside', inside],
      ['nowhere', 'canary-nowhere-4'],
    ]),
  )
  await whileRunning(children, async () => {
    await sleep(700)
    const { leaks, scans, processesIn, names, closed } = watch.stop()
    const of = (child: ChildProcess | undefined): string => `sh (${child?.pid})`
    assert.ok(leaks.includes(`argument in cmdline of ${of(children[0])}`), leaks.join('; '))
    assert.ok(leaks.includes(`variable in environ of ${of(children[1])}`), leaks.join('; '))
    assert.ok(
      leaks.some((leak) => /^inside in cmdline of sh /.test(leak)),
      leaks.join('; '),
    )
    assert.ok(!leaks.some((leak) => leak.startsWith('nowhere')))
    assert.ok(scans >= 3, `${scans} scans`)
    assert.ok(processesIn.get(readlinkSync('/proc/self/ns/pid'))?.has(process.pid))
    assert.ok(processesIn.size >= 2, 'two namespaces')
    assert.ok(names.has('sh'))
    assert.deepEqual(closed, [])
  })
})

test('the lines of a key are those that give it away', () => {
  const key = `-----BEGIN KEY-----\n${'a'.repeat(70)}\n${'b'.repeat(24)}\n-----END KEY-----\n`
  assert.deepEqual(linesOfKey(key), ['a'.repeat(70), 'b'.repeat(24)])
})
