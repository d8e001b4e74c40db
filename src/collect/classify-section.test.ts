import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classifySection } from './classify-section.ts'

const CALM = { timedOut: false, truncated: false }
const LATE = { timedOut: true, truncated: false }
const CUT = { timedOut: false, truncated: true }

const CASES = [
  ['printed and ended well', { stdout: 'x', stderr: '', exitCode: 0 }, CALM, 'ok'],
  [
    'printed, then failed',
    { stdout: 'rows', stderr: 'df: /mnt: Stale file handle', exitCode: 1 },
    CALM,
    'ok',
  ],
  ['printed nothing', { stdout: ' \n', stderr: '', exitCode: 0 }, CALM, 'no_data'],
  [
    'a warning about a right beside good data',
    { stdout: 'x', stderr: 'Permission denied', exitCode: 0 },
    CALM,
    'ok',
  ],
  ['stopped by timeout', { stdout: 'x', stderr: '', exitCode: 124 }, CALM, 'timeout'],
  ['killed by timeout', { stdout: '', stderr: 'Killed', exitCode: 137 }, CALM, 'timeout'],
  ['no end, run timed out', { stdout: 'x', stderr: '', exitCode: null }, LATE, 'timeout'],
  ['no end, run cut', { stdout: 'x', stderr: '', exitCode: null }, CUT, 'unparseable'],
  ['missing tool', { stdout: '', stderr: 'ipmitool: not found', exitCode: 127 }, CALM, 'unsupported'],
  [
    'tool missing under sudo',
    { stdout: '', stderr: 'sudo: ipmitool: command not found', exitCode: 1 },
    CALM,
    'unsupported',
  ],
  [
    'no such file',
    { stdout: '# dmidecode 3.4', stderr: '/dev/mem: No such file or directory', exitCode: 1 },
    CALM,
    'unsupported',
  ],
  [
    'sudo wants a password',
    { stdout: '', stderr: 'sudo: a password is required', exitCode: 1 },
    CALM,
    'denied',
  ],
  [
    'kernel lockdown',
    { stdout: '', stderr: '/dev/mem: Operation not permitted', exitCode: 1 },
    CALM,
    'denied',
  ],
  ['failed without a word', { stdout: '', stderr: '', exitCode: 139 }, CALM, 'unparseable'],
  ['never began, run timed out', undefined, LATE, 'timeout'],
  ['never began, output cut', undefined, CUT, 'unparseable'],
] as const

for (const [name, raw, end, status] of CASES)
  test(`classifies: ${name} → ${status}`, () => {
    assert.equal(classifySection(raw, 'cmd', end).status, status)
  })

test('an absence names its command and has no secret and at most 2,000 characters of stderr', () => {
  const stderr = `login failed password=hunter2 ${'x'.repeat(9_000)}`
  const outcome = classifySection({ stdout: '', stderr, exitCode: 1 }, 'the command', CALM)
  assert.ok(outcome.status !== 'ok')
  assert.equal(outcome.command, 'the command')
  assert.equal(outcome.stderr.length, 2_000)
  assert.doesNotMatch(outcome.stderr, /hunter2/)
})
