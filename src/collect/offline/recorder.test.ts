import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { PROBE_NAMES } from '../../domain/inspection.ts'
import { sectionsOf } from '../collector.ts'
import { INSPECTION_LOCK } from '../shell/probe-lock.ts'
import { splitSections } from '../split-sections.ts'
import { findTool } from '../testing/find-tool.ts'
import { inspectHere } from '../testing/inspect-here.ts'
import { runSections, sectionOf, TEST_NONCE } from '../testing/run-probe.ts'
import { busyboxTools, shellAsSh } from '../testing/stub-tools.ts'
import { createReplayTransport } from '../transport/replay.ts'
import { type CarriedRecording, readRecording } from './read-recording.ts'
import { composeRecorder, renderRecorderScript } from './recorder-script.ts'

/** Named like sections of a probe, because a recording of nothing that we know is refused. */
const sectionNamed = (name: string, body: string, timeoutSeconds?: number) => ({
  ...sectionOf(name, body, timeoutSeconds),
  id: `memory.${name}`,
})

const SECTIONS = [
  sectionNamed('both', 'echo one; echo two >&2; echo three; echo four >&2'),
  sectionNamed('no_newline', 'printf last; printf "last word" >&2; exit 3'),
  sectionNamed('nothing', 'true'),
  sectionNamed('blanks', `printf '  a  \\n\\n\\tb\\\\n\\n'; printf '  x  \\n\\n\\\\y\\n' >&2`),
  sectionNamed('bytes', `printf '\\377\\201 caf\\303\\251\\r\\n'; printf '\\351\\n' >&2`),
  sectionNamed('marker', 'echo "@@smart-ops ffffffffffffffffffffffffffffffff err done" >&2; echo after >&2'),
  sectionNamed('missing', 'no_such_tool_here'),
  sectionNamed('slow', 'echo begun; echo waiting >&2; sleep 30', 1),
]

const record = (script: string, shell: string, path?: string, redirect = '2>&1') => {
  const env = { ...process.env, ...(path === undefined ? {} : { PATH: path }) }
  return spawnSync('/bin/sh', ['-c', `exec "$0" -s ${redirect}`, shell], { input: script, env }).stdout
}

function recordingOf(content: Buffer): CarriedRecording {
  const read = readRecording(content)
  assert.ok('recording' in read, 'problem' in read ? read.problem.en : '')
  return read.recording
}

const problemOf = (content: Buffer | string): string => {
  const read = readRecording(Buffer.from(content))
  return 'problem' in read ? read.problem.en : 'none'
}

const SHELLS = ['dash', 'bash', 'busybox'] as const

for (const shell of SHELLS) {
  const tool = findTool(shell)
  test(`${shell}: a recording holds each section as a live look reads it, both streams apart`, {
    skip: tool === null ? `${shell} is not installed` : false,
  }, async () => {
    using tools = shell === 'busybox' ? busyboxTools(tool ?? '') : shellAsSh(tool ?? '')
    const live = await runSections(SECTIONS, { shell: [`${tools.folder}/sh`], path: tools.path })
    const script = composeRecorder(SECTIONS, TEST_NONCE)
    for (const redirect of ['2>&1', '2>/dev/null']) {
      const { bytes, nonce, probes } = recordingOf(record(script, `${tools.folder}/sh`, tools.path, redirect))
      assert.deepEqual(probes, ['memory'])
      assert.deepEqual(splitSections(bytes, bytes, nonce), live.sections, redirect)
    }
  })
}

test('a process that outlives its section and holds stderr open delays nothing', () => {
  const sections = [
    sectionNamed('holder', 'sleep 20 >/dev/null & echo $!; echo left >&2'),
    sectionNamed('next', 'echo next'),
  ]
  const startedAt = performance.now()
  const { bytes } = recordingOf(record(composeRecorder(sections, TEST_NONCE), '/bin/sh'))
  assert.ok(performance.now() - startedAt < 10_000)
  const read = splitSections(bytes, bytes, TEST_NONCE)
  process.kill(Number(read.get('memory.holder')?.stdout))
  assert.equal(read.get('memory.holder')?.stderr, 'left\n')
  assert.equal(read.get('memory.next')?.stdout, 'next\n')
})

test('a flood on stderr is bounded and takes nothing from the sections after it', () => {
  const flood =
    'i=0; while [ $i -lt 4000 ]; do echo "$i complains at some length about the very same thing" >&2; i=$((i+1)); done; echo done'
  const sections = [sectionNamed('flood', flood, 30), sectionNamed('next', 'echo next; echo said >&2')]
  const { bytes } = recordingOf(record(composeRecorder(sections, TEST_NONCE), '/bin/sh'))
  const read = splitSections(bytes, bytes, TEST_NONCE)
  assert.equal(read.get('memory.flood')?.stdout, 'done\n')
  assert.match(read.get('memory.flood')?.stderr ?? '', /^0 complains/)
  assert.ok(bytes.length < 100_000, `${bytes.length} bytes`)
  assert.equal(read.get('memory.next')?.stderr, 'said\n')
})

test('it says when and where it was recorded, and everything of this machine can be read back', async () => {
  const before = Math.floor(Date.now() / 1_000) * 1_000
  const { bytes, startedAt, finishedAt, hostname, probes } = recordingOf(
    record(renderRecorderScript(PROBE_NAMES), '/bin/sh'),
  )
  assert.ok(startedAt !== null && finishedAt !== null)
  assert.ok(startedAt.getTime() >= before && finishedAt >= startedAt && finishedAt.getTime() <= Date.now())
  assert.equal(hostname, spawnSync('uname', ['-n'], { encoding: 'utf8' }).stdout.trim())
  assert.deepEqual(probes, PROBE_NAMES)
  const { facts, sections, unreachable } = await inspectHere(
    createReplayTransport({ stdout: bytes, stderr: bytes, exitCode: 0 }),
  )
  const live = await inspectHere()
  assert.equal(unreachable, null)
  assert.deepEqual(sections, live.sections)
  assert.deepEqual(facts.system?.cpu, live.facts.system?.cpu)
  assert.deepEqual(facts.system?.board, live.facts.system?.board)
  assert.deepEqual(facts.disk?.blockDevices, live.facts.disk?.blockDevices)
})

const WHOLE = record(composeRecorder(SECTIONS.slice(0, 3), TEST_NONCE), '/bin/sh')

test('a recording without its end, with lines lost, or twice in one file is refused with the reason', () => {
  assert.equal(problemOf(WHOLE), 'none')
  for (let cut = WHOLE.indexOf(' out start'); cut < WHOLE.length - 15; cut += 7)
    assert.match(
      problemOf(WHOLE.subarray(0, cut)),
      /cut short|begin of the recording|not the output/,
      `${cut}`,
    )
  assert.match(
    problemOf(WHOLE.subarray(WHOLE.indexOf(' out start') + 10)),
    /begin of the recording is missing/,
  )
  assert.match(
    problemOf(WHOLE.toString().replace(/.* out end memory\.both.*\n/, '')),
    /damaged: it should hold 3 sections, 2/,
  )
  assert.match(problemOf(Buffer.concat([WHOLE, WHOLE])), /holds 2 recordings/)
  assert.match(problemOf(WHOLE.toString().replace(' out start 1 ', ' out start 7 ')), /format 7, allowed: 1/)
})

test('what is no recording is refused with the reason', () => {
  assert.match(problemOf(''), /empty/)
  assert.match(problemOf(' \r\n\n'), /empty/)
  assert.match(problemOf(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1])), /binary/)
  assert.match(problemOf(Buffer.from([0x1f, 0x8b, 8, 1, 2])), /binary/)
  assert.match(problemOf('Filesystem 1K-blocks\n/dev/sda1 1\n'), /not the output of a probe script/)
  assert.match(problemOf(composeRecorder(SECTIONS, TEST_NONCE)), /the probe script itself/)
  const foreign = SECTIONS.slice(0, 1).map((one) => ({ ...one, id: 'future.thing' }))
  assert.match(
    problemOf(record(composeRecorder(foreign, TEST_NONCE), '/bin/sh')),
    /no probe that this version knows/,
  )
})

test('a recording that came over Windows is read: CRLF, UTF-16, a byte order mark', () => {
  const text = WHOLE.toString('utf8')
  const asText = (content: Buffer) => {
    const { bytes, nonce } = recordingOf(content)
    return [...splitSections(bytes, bytes, nonce)].map(([id, { stdout, exitCode }]) => [id, stdout, exitCode])
  }
  const expected = asText(WHOLE)
  assert.deepEqual(asText(Buffer.from(text.replaceAll('\n', '\r\n'))), expected)
  assert.deepEqual(asText(Buffer.from(`\uFEFF${text}`, 'utf16le')), expected)
  assert.deepEqual(asText(Buffer.from(`\uFEFF${text}`)), expected)
})

const flock = findTool('flock')

test('while another look holds the lock the script reads nothing, and says so', {
  skip: flock === null ? 'flock is not installed' : false,
}, () => {
  const lock = { path: '/proc/version', waitSeconds: 0 }
  const script = composeRecorder(SECTIONS.slice(0, 1), TEST_NONCE, lock)
  const held = spawnSync(flock ?? '', [lock.path, '/bin/sh', '-s'], { input: script })
  assert.match(problemOf(held.stdout), /another look was running/)
})

test('no content whatever makes reading it throw or hang', () => {
  const cuts = fc.tuple(fc.nat(WHOLE.length), fc.nat(WHOLE.length), fc.uint8Array({ maxLength: 40 }))
  const mutated = cuts.map(([from, to, middle]) =>
    Buffer.concat([WHOLE.subarray(0, from), middle, WHOLE.subarray(to)]),
  )
  fc.assert(
    fc.property(mutated, (content) => {
      readRecording(content)
    }),
    { numRuns: 2_000 },
  )
  const startedAt = performance.now()
  const line = `\n@@smart-ops ${TEST_NONCE} out start 1 1 `
  readRecording(Buffer.from(line.repeat(100_000)))
  readRecording(Buffer.from(line + 'x'.repeat(8_000_000)))
  assert.ok(performance.now() - startedAt < 5_000)
})

const shellcheck = findTool('shellcheck')

test('the script is clean for shellcheck, and one that is cut short on its way runs nothing', {
  skip: shellcheck === null ? 'shellcheck is not installed' : false,
}, () => {
  const script = composeRecorder(sectionsOf(PROBE_NAMES), TEST_NONCE, INSPECTION_LOCK)
  const checked = spawnSync(shellcheck ?? '', ['-s', 'sh', '-e', 'SC2317', '-'], {
    input: script,
    encoding: 'utf8',
  })
  assert.equal(checked.stdout, '')
  const small = composeRecorder([sectionOf('one', 'echo RAN')], TEST_NONCE)
  for (let cut = 1; cut < small.length - 'smart_ops_record\n'.length; cut += 61) {
    const { stdout } = spawnSync('/bin/sh', ['-s'], { input: small.slice(0, cut), encoding: 'utf8' })
    assert.doesNotMatch(stdout, /RAN|@@smart-ops/, `cut at ${cut}`)
  }
})
