import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname, totalmem } from 'node:os'
import { test } from 'node:test'
import type { ServerInspection } from '../domain/inspection.ts'
import { PROBE_NAMES } from '../domain/inspection.ts'
import { outcomeValue as read } from '../domain/outcome.ts'
import type { SudoRefusal } from '../domain/sudo-refusal.ts'
import { longestRunMs, sectionsOf } from './collector.ts'
import { describeProbes } from './describe-probes.ts'
import { renderRecorderScript } from './offline/recorder-script.ts'
import { IPMI_SECTION_IDS } from './probes/sensors/ipmi-interval.ts'
import { INSPECTION_LOCK } from './shell/probe-lock.ts'
import { findTool } from './testing/find-tool.ts'
import { inspectHere } from './testing/inspect-here.ts'
import { TEST_NONCE } from './testing/run-probe.ts'
import { stubTools } from './testing/stub-tools.ts'
import { createLocalTransport } from './transport/local.ts'
import { createReplayTransport } from './transport/replay.ts'
import type { Transport } from './transport/transport.ts'

const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })

test('what is read of this machine is what the machine says itself', async () => {
  const { facts, unreachable } = await inspectHere()
  assert.equal(unreachable, null)
  const meminfo = facts.memory && read(facts.memory.meminfo)
  const cpu = facts.system && read(facts.system.cpu)
  const os = facts.system && read(facts.system.os)
  const metrics = facts.metrics && read(facts.metrics)
  const totalKilobytes = Number(/^MemTotal:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1])
  assert.equal(meminfo?.totalBytes, totalKilobytes * 1024)
  assert.equal(meminfo?.totalBytes, totalmem())
  assert.equal(metrics?.memory?.totalBytes, totalmem())
  const logical = Number(run('nproc', '--all'))
  assert.deepEqual([cpu?.logicalCount, metrics?.cpu?.cpuCount], [logical, logical])
  assert.deepEqual([os?.kernelRelease, os?.hostname], [run('uname', '-r').trim(), hostname()])
  const filesystems = facts.disk && read(facts.disk.filesystems)
  const [, row = ''] = run('df', '-P', '-k', '/').split('\n')
  const [source, total] = row.split(/\s+/)
  const type = run('stat', '-f', '-c', '%T', '/').trim()
  const root = filesystems?.find((filesystem) => filesystem.mount === '/')
  if (type === 'overlayfs') assert.equal(root, undefined, 'an overlay is no disk')
  else assert.deepEqual([root?.source, root?.totalBytes], [source, Number(total) * 1024])
})

test('every section is reported in order, with evidence that has its hash', async () => {
  const { sections, evidence } = await inspectHere()
  const ids = sectionsOf(PROBE_NAMES).map(({ id }) => id)
  assert.deepEqual(
    sections.map(({ id }) => id),
    ids,
  )
  assert.deepEqual(
    evidence.map(({ id }) => id),
    ids,
  )
  for (const section of sections)
    if (section.remedy !== null) assert.ok(['unsupported', 'denied'].includes(section.status), section.id)
  const meminfo = evidence.find(({ id }) => id === 'memory.meminfo')
  assert.match(meminfo?.excerpt ?? '', /^MemTotal:/)
  assert.match(meminfo?.rawSha256 ?? '', /^[0-9a-f]{64}$/)
  for (const { excerpt } of evidence) assert.ok(excerpt.length <= 4_000)
})

test('only the probes asked for are run', async () => {
  const { facts, sections } = await inspectHere(createLocalTransport(), ['memory', 'memory'])
  assert.deepEqual(Object.keys(facts), ['memory'])
  assert.equal(sections.length, describeProbes().find(({ name }) => name === 'memory')?.sections.length)
})

test('a section that is left out is neither run nor reported, and its fact says so', async () => {
  const leaveOut = ['memory.meminfo', 'memory.vmstat']
  const { facts, sections, evidence } = await inspectHere(createLocalTransport(), ['memory'], { leaveOut })
  const expected = sectionsOf(['memory'])
    .map(({ id }) => id)
    .filter((id) => !leaveOut.includes(id))
  assert.deepEqual([sections.map(({ id }) => id), evidence.map(({ id }) => id)], [expected, expected])
  const { meminfo } = facts.memory ?? {}
  assert.equal(meminfo?.status === 'no_data' && meminfo.stderr, 'the section was not run')
})

test('every section that runs ipmitool is among those that the interval of the BMC covers', () => {
  const asking = sectionsOf(PROBE_NAMES).filter(({ section: { body } }) => body.includes('ipmitool'))
  assert.deepEqual(
    asking.map(({ id }) => id),
    IPMI_SECTION_IDS,
  )
})

const section = (id: string, body: string): string =>
  `\n@@smart-ops ${TEST_NONCE} out begin ${id}\n${body}\n@@smart-ops ${TEST_NONCE} out end ${id} 0\n`

test('evidence has no secret, and its hash is of the bytes before redaction', async () => {
  const body = '  1 root 1000 00:01 tool --password=hunter2\n'
  const stdout = Buffer.from(section('memory.processes', body))
  const { evidence, sections } = await inspectHere(
    createReplayTransport({ stdout, stderr: Buffer.alloc(0), exitCode: 0 }),
    ['memory'],
  )
  assert.equal(evidence.length, 1)
  assert.doesNotMatch(JSON.stringify(evidence), /hunter2/)
  assert.equal(evidence[0]?.rawSha256, createHash('sha256').update(body).digest('hex'))
  assert.equal(sections.find(({ id }) => id === 'memory.meminfo')?.status, 'unparseable')
  assert.equal(sections.find(({ id }) => id === 'memory.processes')?.status, 'ok')
})

test('a server that was not reached has a reason and no facts', async () => {
  const refusing: Transport = {
    kind: 'local',
    run: async () => ({ status: 'unreachable', reason: 'connect_failed', message: 'no route' }),
  }
  const inspection = await inspectHere(refusing)
  assert.deepEqual(inspection.unreachable, { reason: 'connect_failed', message: 'no route' })
  assert.deepEqual([inspection.facts, inspection.sections, inspection.evidence], [{}, [], []])
})

test('a shell that runs nothing of ours, and a run that hung at once, are unreachable with what was said', async () => {
  const said = {
    stdout: Buffer.alloc(0),
    stderr: Buffer.from('This account is not available. password=hunter2'),
    exitCode: 1,
  }
  const refused = await inspectHere(createReplayTransport(said))
  assert.equal(refused.unreachable?.reason, 'shell_failed')
  assert.match(refused.unreachable?.message ?? '', /not available/)
  assert.doesNotMatch(refused.unreachable?.message ?? '', /hunter2/)
  const hung = await inspectHere(createReplayTransport({ ...said, exitCode: null, timedOut: true }))
  assert.equal(hung.unreachable?.reason, 'timeout')
})

const SMARTCTL_STUB = `if [ "$1" = --scan ]; then
  echo '/dev/sda -d sat # /dev/sda [SAT], ATA device'
  echo '/dev/sdb;touch\${IFS}PWNED -d sat # hostile'
  echo '/dev/sdc -d $(touch PWNED) # hostile'
  echo '--version -d sat # hostile'
  exit 0
fi
printf '{\\n  "argv": "%s",\\n  "device": { "protocol": "ATA" },\\n  "smart_status": { "passed": true }\\n}\\n' "$*"
exit 64`

test('what smartctl --scan prints is an argument only when it looks like a device', async () => {
  using tools = stubTools({ smartctl: SMARTCTL_STUB, id: 'echo 0' })
  const { facts, evidence } = await inspectHere(createLocalTransport({ path: tools.path }), ['disk'])
  const drives = facts.disk && read(facts.disk.smart)
  assert.deepEqual(
    drives?.map(({ device, healthPassed }) => [device, healthPassed]),
    [['/dev/sda', true]],
  )
  const excerpt = evidence.find(({ id }) => id === 'disk.smart')?.excerpt ?? ''
  assert.match(excerpt, /-j -a -l devstat -n standby -d sat \/dev\/sda/)
  assert.doesNotMatch(excerpt, /PWNED/)
})

const ROOT_SECTIONS = ['memory.inventory', 'disk.smart', ...IPMI_SECTION_IDS]

test('a refused sudo is named as such, with what to permit', async () => {
  using tools = stubTools({
    id: 'echo 1000',
    sudo: 'echo "sudo: a password is required" >&2; exit 1',
    dmidecode: 'exit 0',
    smartctl: 'exit 0',
    ipmitool: 'exit 0',
  })
  const refused: string[] = []
  const { sections } = await inspectHere(createLocalTransport({ path: tools.path }), PROBE_NAMES, {
    onSudoRefused: (commands) => refused.push(...commands),
  })
  for (const id of ROOT_SECTIONS) {
    const found = sections.find((candidate) => candidate.id === id)
    assert.equal(found?.status, 'denied', id)
    assert.match(found?.remedy?.en ?? '', /NOPASSWD: \/usr\/s?bin\/\w+ [^*]+24 hours[^*]+$/, id)
  }
  assert.equal(refused.length, ROOT_SECTIONS.length)
  for (const [tool, count] of [
    ['dmidecode', 1],
    ['smartctl', 1],
    ['ipmitool', IPMI_SECTION_IDS.length],
  ] as const)
    assert.equal(refused.filter((command) => command.startsWith(`${tool} `)).length, count, tool)
})

test('what sudo refused lately is not asked for, anything else is, and root needs no sudo', async () => {
  const body = (uid: number) => ({
    id: `echo ${uid}`,
    sudo: 'echo "sudo: a password is required" >&2; exit 1',
    dmidecode: 'echo "Handle ran"',
    smartctl: 'exit 0',
    ipmitool: 'exit 0',
  })
  const lookAs = async (uid: number, sudoRefusals: readonly SudoRefusal[]) => {
    using tools = stubTools(body(uid))
    const asked: string[] = []
    const inspection = await inspectHere(createLocalTransport({ path: tools.path }), PROBE_NAMES, {
      sudoRefusals,
      onSudoRefused: (commands) => asked.push(...commands),
    })
    return { asked, inspection }
  }
  const refusedAt = new Date('2026-01-02T01:00:00Z')
  const first = await lookAs(1000, [])
  const known = first.asked.map((command) => ({ command, refusedAt }))
  const again = await lookAs(1000, known.slice(1))
  assert.deepEqual(again.asked, [known[0]?.command])
  const of = (inspection: ServerInspection, id: string) =>
    inspection.evidence.find((each) => each.id === id)?.excerpt ?? ''
  const silent = await lookAs(1000, known)
  assert.deepEqual(silent.asked, [])
  assert.match(
    of(silent.inspection, 'memory.inventory'),
    /^\[stderr\]\nsudo: dmidecode .*: refused at 2026-01-02T01:00:00.000Z, not asked again until 2026-01-03T01/,
  )
  for (const id of ROOT_SECTIONS) {
    const found = silent.inspection.sections.find((each) => each.id === id)
    assert.equal(found?.status, 'denied', id)
    assert.match(found?.remedy?.zh ?? '', /smart-ops servers test/)
  }
  const root = await lookAs(0, known)
  assert.match(of(root.inspection, 'memory.inventory'), /Handle ran/)
})

test('a machine that is still being looked at is busy, with who is there', async () => {
  const said = (holders: string) => ({
    stdout: Buffer.from(
      `Welcome\n\n@@smart-ops ${TEST_NONCE} out busy\n\n@@smart-ops ${TEST_NONCE} out busy${holders}\n`,
    ),
    stderr: Buffer.alloc(0),
    exitCode: 0,
  })
  const { unreachable } = await inspectHere(createReplayTransport(said(' 12 sh 14 smart\u0007ctl')))
  assert.equal(unreachable?.reason, 'busy')
  assert.match(unreachable?.message ?? '', /still running there \(12 sh 14 smart\?ctl\)/)
  const unknown = await inspectHere(createReplayTransport(said('')))
  assert.match(unknown.unreachable?.message ?? '', /still running there; nothing/)
  const late = { ...said(''), exitCode: null, timedOut: true }
  assert.equal((await inspectHere(createReplayTransport(late))).unreachable?.reason, 'busy')
})

const flock = findTool('flock')

test('metrics do not wait for an inspection, and an inspection waits for the one before', {
  skip: flock === null ? 'flock is not installed' : false,
}, async () => {
  const holder = spawn(flock ?? '', [INSPECTION_LOCK.path, 'sleep', '2'], { stdio: 'ignore' })
  const ended = new Promise((resolve) => holder.once('exit', resolve))
  await new Promise((resolve) => setTimeout(resolve, 200))
  const metrics = await inspectHere(createLocalTransport(), ['metrics'])
  assert.equal(metrics.unreachable, null)
  assert.equal(holder.exitCode, null, 'the inspection is still going on')
  const waited = await inspectHere(createLocalTransport(), ['system'])
  assert.equal(waited.unreachable, null)
  assert.notEqual(holder.exitCode, null)
  await ended
})

test('the description and the script name every section, and the longest run covers all timeouts', () => {
  const script = renderRecorderScript(PROBE_NAMES, () => TEST_NONCE)
  for (const { id, section: one } of sectionsOf(PROBE_NAMES))
    assert.ok(script.includes(`section ${id} ${one.timeoutSeconds} '`))
  assert.deepEqual(
    describeProbes().flatMap(({ sections }) => sections.map(({ id }) => id)),
    sectionsOf(PROBE_NAMES).map(({ id }) => id),
  )
  const seconds = sectionsOf(PROBE_NAMES).reduce((sum, { section: one }) => sum + one.timeoutSeconds, 0)
  assert.ok(longestRunMs(PROBE_NAMES) > seconds * 1_000)
})
