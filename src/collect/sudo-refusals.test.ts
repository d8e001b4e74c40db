import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findSudoRefusals, sudoBarredSh } from './sudo-refusals.ts'

const CALL = 'sudo -n dmidecode -t 17: exit 1'

const REFUSALS = [
  'sudo: a password is required',
  'sudo: sorry, you must have a tty to run sudo',
  'sudo: interactive authentication is required',
  "Sorry, user ops is not allowed to execute '/usr/sbin/dmidecode -t 17' as root on db-1.",
  'Sorry, user ops may not run sudo on db-1.',
  'ops is not in the sudoers file.  This incident will be reported.',
  "sudo: I'm sorry ops. I'm afraid I can't do that",
]
for (const said of REFUSALS)
  test(`a refusal: ${said}`, () => {
    assert.deepEqual(findSudoRefusals(`${said}\n${CALL}\n`), ['dmidecode -t 17'])
  })

test('a command that failed by itself is no refusal, and each call is told apart', () => {
  assert.deepEqual(findSudoRefusals(`/dev/mem: Permission denied\n${CALL}`), [])
  assert.deepEqual(findSudoRefusals(`sudo: unable to resolve host db-1\n${CALL}`), [])
  assert.deepEqual(findSudoRefusals('sudo: a password is required\n'), [])
  const three = `${REFUSALS[0]}\n${CALL}\nno such device\nsudo -n a b: exit 1\n${REFUSALS[3]}\nsudo -n c: exit 1\n`
  assert.deepEqual(findSudoRefusals(three), ['dmidecode -t 17', 'c'])
})

test('what a server prints gets into a script in quotes and only when it looks like a command', () => {
  for (const hostile of [
    "x'; reboot; '",
    'x$(reboot)',
    'x`id`',
    'a  b',
    ' a',
    'a*',
    'a\u0000',
    'x'.repeat(300),
  ])
    assert.deepEqual(findSudoRefusals(`${REFUSALS[0]}\nsudo -n ${hostile}: exit 1\n`), [], hostile)
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 300 })), (commands) => {
      const script = sudoBarredSh(commands.map((command) => ({ command, refusedAt: new Date(0) })))
      for (const line of script.split('\n'))
        assert.match(
          line,
          /^(?:sudo_barred\(\) \{( return 1; \})?| {2}case \$1 in| {4}\*\) return 1 ;;| {2}esac|\}|)$|^ {4}'[\w/.:,+=@ -]+'\) echo '[\w/.:,+=@ -]+' >&2 ;;$/,
        )
      findSudoRefusals(commands.join('\n'))
    }),
    { numRuns: 2_000 },
  )
})

test('a flood of lines is read in time that grows with its size only', () => {
  const started = performance.now()
  findSudoRefusals(`${'sudo: '.repeat(160)}\n`.repeat(4_000))
  assert.ok(performance.now() - started < 2_000)
})
