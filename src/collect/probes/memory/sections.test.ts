import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MemoryFacts } from '../../../domain/facts/memory.ts'
import { classifySection } from '../../classify-section.ts'
import type { ProbeSection } from '../../probe.ts'
import { findTool } from '../../testing/find-tool.ts'
import { runSections } from '../../testing/run-probe.ts'
import { shellAsSh, stubTools } from '../../testing/stub-tools.ts'
import { memoryProbe } from './index.ts'
import { MEMORY_SECTIONS } from './sections.ts'

const NOW = new Date('2026-01-02T03:04:05Z')
const KILL =
  '[   12.500000] Out of memory: Killed process 4711 (java) total-vm:4096kB, anon-rss:2048kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:40kB oom_score_adj:0'
const DENIED = 'echo "dmesg: read kernel buffer failed: Operation not permitted" >&2; exit 1'

/** Runs one section on this machine with stand-in tools ahead of the real ones, and parses it. */
async function factsOf(section: ProbeSection, tools: Readonly<Record<string, string>>): Promise<MemoryFacts> {
  using stubs = stubTools(tools)
  const { sections } = await runSections([{ id: 'memory.it', section }], { path: stubs.path })
  const raw = classifySection(sections.get('memory.it'), section.command, {
    timedOut: false,
    truncated: false,
  })
  return memoryProbe.parse({ [section.name]: raw }, NOW)
}

const oomKills = async (tools: Readonly<Record<string, string>>) =>
  (await factsOf(MEMORY_SECTIONS.oomKills, tools)).oomKills

test('kills are read from dmesg', async () => {
  const outcome = await oomKills({ dmesg: `echo '[    0.000000] Linux version'; echo '${KILL}'` })
  assert.equal(outcome.status, 'ok')
  assert.deepEqual(
    outcome.status === 'ok' && outcome.value.kills.map(({ victim, pid, scope }) => [victim, pid, scope]),
    [['java', 4711, 'machine']],
  )
})

test('where dmesg is forbidden the journal answers', async () => {
  const journal = `echo '[    0.000000] host kernel: Linux version'; echo '${KILL.replace('] ', '] host kernel: ')}'`
  const outcome = await oomKills({ dmesg: DENIED, journalctl: journal })
  assert.equal(outcome.status === 'ok' && outcome.value.kills[0]?.victim, 'java')
})

test('where neither may be read it says so, instead of no kills', async () => {
  const outcome = await oomKills({ dmesg: DENIED, journalctl: 'echo "-- No entries --"' })
  assert.equal(outcome.status, 'denied')
  assert.match(outcome.status === 'denied' ? outcome.stderr : '', /Operation not permitted/)
})

test('an empty kernel log is no data', async () => {
  const outcome = await oomKills({ dmesg: 'exit 0', journalctl: 'exit 1' })
  assert.equal(outcome.status, 'no_data')
})

test('a ps without long options and without etime still lists processes', async () => {
  const ps = `case "$*" in
*--sort*) echo 'ps: unrecognized option: sort' >&2; exit 1 ;;
*etime*) echo "ps: bad -o argument 'etime'" >&2; exit 1 ;;
esac
echo 'PID   USER     RSS  STAT COMMAND'
echo '   77 app      12m S    worker --token abcdefghijklmnop'`
  const { processes } = await factsOf(MEMORY_SECTIONS.processes, { ps })
  assert.deepEqual(processes.status === 'ok' && processes.value.map(({ pid, command }) => [pid, command]), [
    [77, 'worker --token ***'],
  ])
})

for (const shell of ['dash', 'bash', 'busybox']) {
  const path = findTool(shell)
  test(`every section but those that need hardware reads this machine under ${shell}`, {
    skip: path === null ? `${shell} is not installed` : false,
  }, async () => {
    using tools = shell === 'busybox' ? stubTools({ sh: `exec ${path} ash "$@"` }) : shellAsSh(path ?? '')
    const sections = memoryProbe.sections.map((section) => ({ id: `memory.${section.name}`, section }))
    const run = await runSections(sections, { path: tools.path })
    const raw = Object.fromEntries(
      memoryProbe.sections.map((section) => [
        section.name,
        classifySection(run.sections.get(`memory.${section.name}`), section.command, {
          timedOut: false,
          truncated: false,
        }),
      ]),
    )
    const facts = memoryProbe.parse(raw, NOW)
    assert.equal(facts.meminfo.status, 'ok')
    const { processes, processShares } = facts
    assert.ok(processes.status === 'ok' && processes.value.length > 0)
    if (processShares.status === 'ok')
      assert.ok(processShares.value.every((share) => share.proportionalBytes > 0))
    for (const outcome of Object.values(facts)) assert.notEqual(outcome.status, 'unparseable')
  })
}
