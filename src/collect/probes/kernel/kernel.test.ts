import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { KERNEL_LOG_WORDS } from '../../../domain/known-failure.ts'
import { classifySection } from '../../classify-section.ts'
import { checkCase, listCases } from '../../testing/probe-cases.ts'
import { runSections } from '../../testing/run-probe.ts'
import { stubTools } from '../../testing/stub-tools.ts'
import { kernelProbe } from './index.ts'
import { KERNEL_SECTIONS } from './sections.ts'

const TESTDATA = join(import.meta.dirname, 'testdata')
const NOW = new Date('2026-01-02T03:04:05Z')
const FAULT = '[   12.500000] EXT4-fs error (device sda1): ext4_lookup:1855: inode #2: comm ls'
const DENIED = 'echo "dmesg: read kernel buffer failed: Operation not permitted" >&2; exit 1'

for (const name of listCases(TESTDATA))
  test(`kernel: reads ${name}`, () => checkCase(join(TESTDATA, name), kernelProbe))

/** Runs the section on this machine with stand-in tools ahead of the real ones, and parses what it prints. */
async function readLog(tools: Readonly<Record<string, string>>) {
  const section = KERNEL_SECTIONS.log
  using stubs = stubTools(tools)
  const { sections } = await runSections([{ id: 'kernel.log', section }], { path: stubs.path })
  const raw = classifySection(sections.get('kernel.log'), section.command, {
    timedOut: false,
    truncated: false,
  })
  return kernelProbe.parse({ log: raw }, NOW).log
}

test('of the log only lines with a word of trouble are sent, in any case', async () => {
  const outcome = await readLog({
    dmesg: `echo '[    0.000000] Linux version'; echo '${FAULT}'; echo '[   13.0] Oops: 0000 [#1]'; echo '[   14.0] eth0: link becomes ready'`,
  })
  assert.deepEqual(outcome.status === 'ok' && outcome.value.lines, [FAULT, '[   13.0] Oops: 0000 [#1]'])
})

test('where dmesg is forbidden the journal answers, and where both are the right is named', async () => {
  const journal = `case "$*" in *-k*) echo '[    0.0] host kernel: Linux version'; echo '[    5.0] host kernel: kernel BUG at a.c:1!';; esac`
  const outcome = await readLog({ dmesg: DENIED, journalctl: journal })
  assert.deepEqual(outcome.status === 'ok' && outcome.value.lines, [
    '[    5.0] host kernel: kernel BUG at a.c:1!',
  ])
  assert.equal((await readLog({ dmesg: DENIED, journalctl: 'exit 1' })).status, 'denied')
})

test('a log without trouble is an empty list, not missing data', async () => {
  const outcome = await readLog({ dmesg: `echo '[    0.000000] Linux version 6.1'` })
  assert.deepEqual(outcome.status === 'ok' && outcome.value.lines, [])
})

test('a storm is cut to the latest lines, and long lines are cut', async () => {
  const outcome = await readLog({
    dmesg: `i=0; while [ $i -lt 2500 ]; do i=$((i+1)); echo "[  $i.0] I/O error, dev sda, sector $i"; done; printf '[  9999.0] error %0900d\\n' 0`,
  })
  assert.equal(outcome.status, 'ok')
  if (outcome.status !== 'ok') return
  assert.deepEqual([outcome.value.lines.length, outcome.value.lines.at(-1)?.length], [2_000, 600])
})

test('the words are plain texts, so that they are an alternation for grep', () => {
  for (const word of KERNEL_LOG_WORDS) assert.match(word, /^[a-z][a-z0-9 :-]{2,30}$/)
})
