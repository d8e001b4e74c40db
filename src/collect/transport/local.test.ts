import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waitForNone } from '../testing/list-processes.ts'
import { runSections, sectionOf } from '../testing/run-probe.ts'
import { createLocalTransport } from './local.ts'

const MARK = `6${String(process.pid).padStart(8, '0')}`
const LIMITS = { deadlineMs: 20_000, maxBytes: 1_000_000, signal: new AbortController().signal }

test('keeps stdout, stderr and the exit code apart, in a clean environment', async () => {
  const result = await createLocalTransport().run('echo out; echo err >&2; env | sort; exit 7\n', LIMITS)
  assert.ok(result.status === 'ran')
  assert.match(result.stdout.toString(), /^out\nHOME=/)
  const names = [...result.stdout.toString().matchAll(/^(\w+)=/gm)].map((match) => match[1])
  assert.deepEqual(
    names.filter((name) => !['_', 'OLDPWD', 'SHLVL'].includes(name ?? '')),
    ['HOME', 'LC_ALL', 'PATH', 'PWD'],
  )
  assert.equal(result.stderr.toString(), 'err\n')
  assert.deepEqual([result.exitCode, result.timedOut, result.truncated], [7, false, false])
})

test('at the deadline everything is killed, what ignores TERM and what leads its own group too', async () => {
  const body = `echo first; (trap '' TERM HUP; sleep ${MARK}.1) & timeout 900 sleep ${MARK}.2 & sleep ${MARK}.3\n`
  const started = performance.now()
  const result = await createLocalTransport().run(body, { ...LIMITS, deadlineMs: 500 })
  assert.ok(performance.now() - started < 3_000)
  assert.ok(result.status === 'ran')
  assert.deepEqual([result.timedOut, result.exitCode, result.stdout.toString()], [true, null, 'first\n'])
  assert.deepEqual(await waitForNone(`${MARK}.`), [])
})

test('abort kills at once and says cancelled', async () => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 200)
  const started = performance.now()
  const result = await createLocalTransport().run(`sleep ${MARK}.4\n`, {
    ...LIMITS,
    signal: controller.signal,
  })
  assert.ok(performance.now() - started < 3_000)
  assert.ok(result.status === 'unreachable')
  assert.equal(result.reason, 'cancelled')
  const again = await createLocalTransport().run('echo no\n', { ...LIMITS, signal: controller.signal })
  assert.ok(again.status === 'unreachable')
  assert.deepEqual(await waitForNone(`${MARK}.`), [])
})

test('a child that holds stdout open does not hold the run, and is killed', async () => {
  const started = performance.now()
  const result = await createLocalTransport().run(`sleep ${MARK}.5 & echo done\n`, LIMITS)
  assert.ok(performance.now() - started < 3_000)
  assert.ok(result.status === 'ran')
  assert.deepEqual([result.exitCode, result.stdout.toString()], [0, 'done\n'])
  assert.deepEqual(await waitForNone(`${MARK}.`), [])
})

test('a flood is bounded and costs the sections whose output it drowned, not those before', async () => {
  const sections = [
    sectionOf('before', 'echo kept'),
    sectionOf('flood', 'head -c 3000000 /dev/zero | tr "\\0" x'),
    sectionOf('after', 'echo lost'),
  ]
  const run = await runSections(sections, { maxBytes: 1_000_000 })
  assert.equal(run.result.stdout.length, 1_000_000)
  assert.equal(run.result.truncated, true)
  assert.equal(run.sections.get('test.before')?.stdout, 'kept\n')
  assert.equal(run.sections.get('test.flood')?.exitCode, null)
  assert.equal(run.sections.has('test.after'), false)
})

test('a shell that cannot start, or ends before it has read its script, is an outcome and no exception', async () => {
  const missing = await createLocalTransport({ shell: ['/no/such/shell'] }).run('echo x\n', LIMITS)
  assert.ok(missing.status === 'unreachable')
  assert.equal(missing.reason, 'shell_failed')
  const deaf = await createLocalTransport({ shell: ['/bin/sh', '-c', 'exit 4'] }).run(
    '#'.repeat(2_000_000),
    LIMITS,
  )
  assert.ok(deaf.status === 'ran')
  assert.equal(deaf.exitCode, 4)
})
