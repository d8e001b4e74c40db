import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspectHere } from './testing/inspect-here.ts'
import { createLocalTransport } from './transport/local.ts'
import type { Transport } from './transport/transport.ts'

/** This machine, over a connection that is lost where `keep` cuts the output. */
const losing = (keep: (stdout: Buffer) => Buffer): Transport => ({
  kind: 'ssh',
  async run(script, options) {
    const result = await createLocalTransport().run(script, options)
    return result.status === 'ran'
      ? { ...result, exitCode: null, stdout: keep(result.stdout), connectionLost: true }
      : result
  },
})

test('a connection lost in the middle is the cause, and what had been read is kept', async () => {
  const { unreachable, facts, sections } = await inspectHere(
    losing((stdout) => stdout.subarray(0, Math.floor(stdout.length / 2))),
  )
  assert.equal(unreachable?.reason, 'connect_failed')
  assert.match(
    unreachable?.message ?? '',
    /^the connection was lost in the middle: [1-9]\d* of \d+ sections had been read$/,
  )
  assert.equal(facts.system?.os.status, 'ok')
  assert.ok(sections.some(({ status }) => status === 'unparseable'))
})

test('one that is lost before the first section leaves nothing but the cause', async () => {
  const { unreachable, facts } = await inspectHere(losing(() => Buffer.alloc(0)))
  assert.match(unreachable?.message ?? '', /lost in the middle: 0 of/)
  assert.deepEqual(facts, {})
})

test('one that is lost after the last section has done no harm', async () => {
  assert.equal((await inspectHere(losing((stdout) => stdout))).unreachable, null)
})
