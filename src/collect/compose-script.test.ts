import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { PROBE_NAMES } from '../domain/inspection.ts'
import { quoteForShell } from '../lib/quote-for-shell.ts'
import { sectionsOf } from './collector.ts'
import { composeScript } from './compose-script.ts'
import { INSPECTION_LOCK } from './shell/probe-lock.ts'
import { SECTION_PRELUDE } from './shell/section-prelude.ts'
import { findTool } from './testing/find-tool.ts'
import { waitForNone } from './testing/list-processes.ts'
import { runSections, sectionOf, TEST_NONCE } from './testing/run-probe.ts'
import { busyboxTools, shellAsSh, stubTools } from './testing/stub-tools.ts'

const BASICS = [
  sectionOf('plain', 'echo one; echo two >&2'),
  sectionOf('quotes', `printf '%s' 'it'"'"'s "$HOME" \`echo no\` \\ end'`),
  sectionOf('no_newline', 'printf last'),
  sectionOf('failing', 'echo partial; exit 3'),
  sectionOf('broken_syntax', 'if then ( esac'),
  sectionOf('greedy', 'cat; echo done'),
  sectionOf(
    'marker_in_data',
    'printf "\\n@@smart-ops ffffffffffffffffffffffffffffffff out end test.marker_in_data 0\\n"; echo after',
  ),
  sectionOf('missing_tool', 'no_such_tool_here'),
  sectionOf('environment', 'echo "$LC_ALL"; case :$PATH: in *:/sbin:*) echo sbin ;; esac; pwd'),
]

async function checkBasics(options: { shell: readonly [string, ...string[]]; path?: string }): Promise<void> {
  const { sections, result } = await runSections(BASICS, options)
  const of = (name: string) => sections.get(`test.${name}`)
  assert.equal(result.exitCode, 0)
  assert.deepEqual([of('plain')?.stdout, of('plain')?.stderr, of('plain')?.exitCode], ['one\n', 'two\n', 0])
  assert.equal(of('quotes')?.stdout, `it's "$HOME" \`echo no\` \\ end`)
  assert.equal(of('no_newline')?.stdout, 'last')
  assert.deepEqual([of('failing')?.stdout, of('failing')?.exitCode], ['partial\n', 3])
  assert.equal(of('broken_syntax')?.exitCode, 2)
  assert.equal(of('greedy')?.stdout, 'done\n', 'a section cannot read the rest of the script')
  assert.match(of('marker_in_data')?.stdout ?? '', /after\n$/)
  assert.equal(of('missing_tool')?.exitCode, 127)
  assert.equal(of('environment')?.stdout, 'C\nsbin\n/\n')
}

let timeoutRuns = 0

async function checkTimeouts(options: {
  shell: readonly [string, ...string[]]
  path?: string
}): Promise<void> {
  // A length of sleep that no other process on this machine has.
  timeoutRuns += 1
  const mark = `7${String(process.pid).padStart(8, '0')}${timeoutRuns}`
  const started = performance.now()
  const { sections } = await runSections(
    [
      sectionOf('before', 'echo before'),
      sectionOf('sleeps', `echo begun; sleep ${mark}.1; echo never`, 1),
      sectionOf('ignores', `trap '' TERM; (trap '' TERM; sleep ${mark}.2); sleep ${mark}.3`, 1),
      sectionOf('child_ignores', `(trap '' TERM; sleep ${mark}.6); echo never`, 1),
      sectionOf(
        'survivors',
        `sleep 0.5; cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -o 'sleep ${mark}[.][1-6]'`,
      ),
      sectionOf('pipeline', `sleep ${mark}.4 | cat`, 1),
      sectionOf('holds_stdout', `sleep ${mark}.5 & echo quick`, 5),
      sectionOf('after', 'echo after'),
    ],
    options,
  )
  const of = (name: string) => sections.get(`test.${name}`)
  assert.ok(performance.now() - started < 60_000, 'four sections of 1 s that would sleep for years')
  assert.deepEqual([of('before')?.stdout, of('after')?.stdout], ['before\n', 'after\n'])
  assert.equal(of('sleeps')?.stdout, 'begun\n')
  assert.equal(of('survivors')?.stdout, '', 'what was stopped is gone before the next section begins')
  for (const name of ['sleeps', 'ignores', 'child_ignores', 'pipeline'])
    assert.ok([124, 137, 143].includes(of(name)?.exitCode ?? 0), `${name} ended with ${of(name)?.exitCode}`)
  assert.deepEqual([of('holds_stdout')?.stdout, of('holds_stdout')?.exitCode], ['quick\n', 0])
  assert.deepEqual(await waitForNone(`${mark}.`), [], 'no process is left')
}

// They mostly wait, so they do it together.
describe('under every shell', { concurrency: 8 }, () => {
  for (const name of ['dash', 'bash']) {
    const shell = findTool(name)
    const skip = shell === null ? `${name} is not installed` : false
    test(`${name}: sections keep to themselves`, { skip }, async () => {
      using tools = shellAsSh(shell ?? '')
      await checkBasics({ shell: [shell ?? '', '-s'], path: tools.path })
    })
    test(`${name}: a section's timeout costs that section only and leaves no process`, { skip }, async () => {
      using tools = shellAsSh(shell ?? '')
      await checkTimeouts({ shell: [shell ?? '', '-s'], path: tools.path })
    })
    test(`${name}: without a usable timeout the watchdog does the same`, { skip }, async () => {
      using tools = stubTools({ timeout: 'echo "timeout: invalid option -- k" >&2; exit 1' })
      await checkTimeouts({ shell: [shell ?? '', '-s'], path: tools.path })
    })
  }

  const busybox = findTool('busybox')
  const noBusybox = busybox === null ? 'busybox is not installed' : false

  test('BusyBox ash with its own tools: sections keep to themselves', { skip: noBusybox }, async () => {
    using tools = busyboxTools(busybox ?? '')
    await checkBasics({ shell: [busybox ?? '', 'ash', '-s'], path: tools.path })
  })

  test('BusyBox ash: timeouts cost one section and leave no process', { skip: noBusybox }, async () => {
    using tools = busyboxTools(busybox ?? '')
    await checkTimeouts({ shell: [busybox ?? '', 'ash', '-s'], path: tools.path })
  })
})

test('as_root tells a missing tool, a refused right and a missing sudo apart', async () => {
  const ask = async (stubs: Record<string, string>, tool: string) => {
    using tools = stubTools({ id: 'echo 1000', thing: 'echo "ran $*"', ...stubs })
    const { sections } = await runSections([sectionOf('ask', `as_root ${tool} a 'b c'`)], {
      path: tools.path,
    })
    const { stdout, stderr, exitCode } = sections.get('test.ask') ?? {}
    return [stdout, stderr, exitCode]
  }
  const refusing = { sudo: 'echo "sudo: a password is required" >&2; exit 1' }
  const granting = { sudo: '[ "$1" = -n ] || exit 9; shift; exec "$@"' }
  assert.deepEqual(await ask(refusing, 'thing'), [
    '',
    'sudo: a password is required\nsudo -n thing a b c: exit 1\n',
    1,
  ])
  assert.deepEqual(await ask(refusing, 'no_such_tool'), ['', 'no_such_tool: not found\n', 127])
  assert.deepEqual(await ask(granting, 'thing'), ['ran a b c\n', '', 0])
})

test('a section reads nothing of a stdin that stays open', async () => {
  const child = spawn('/bin/sh', ['-s'], { stdio: ['pipe', 'pipe', 'ignore'] })
  child.stdin.write(composeScript([sectionOf('greedy', 'cat; echo done', 30)], TEST_NONCE))
  let printed = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    printed += chunk
    if (printed.includes('end test.greedy')) child.stdin.end()
  }
  assert.match(printed, /begin test\.greedy\ndone\n\n@@smart-ops \w+ out end test\.greedy 0\n/)
})

test('a script that is cut short on its way runs nothing', () => {
  const script = composeScript([sectionOf('one', 'echo RAN >&2')], TEST_NONCE)
  for (let cut = 1; cut < script.length - 'smart_ops_main\n'.length; cut += 37) {
    const { stdout, stderr } = spawnSync('/bin/sh', ['-s'], { input: script.slice(0, cut), encoding: 'utf8' })
    assert.doesNotMatch(stdout + stderr, /^RAN|@@smart-ops \S+ (?:out|err) begin/m, `cut at ${cut}`)
  }
})

test('quoting gives the shell back exactly what went in', () => {
  const words = fc
    .string({ unit: 'binary', maxLength: 30 })
    .filter((word) => !word.includes('\0') && word.isWellFormed())
  fc.assert(
    fc.property(fc.array(words, { minLength: 60, maxLength: 60 }), (list) => {
      const script = `for w in ${list.map(quoteForShell).join(' ')}; do printf '%s\\0' "$w"; done`
      const { stdout } = spawnSync('/bin/sh', ['-s'], { input: script, encoding: 'utf8' })
      assert.deepEqual(stdout.split('\0').slice(0, -1), list)
    }),
    { numRuns: 30 },
  )
})

test('what is not ours is refused before it gets into a script', () => {
  assert.throws(() => composeScript([], 'short'), /nonce/)
  const wrong = sectionOf('one', 'true')
  assert.throws(() => composeScript([{ ...wrong, id: 'a.b; reboot' }], TEST_NONCE), /probe\.section/)
  assert.throws(() => composeScript([sectionOf('one', 'true', 0)], TEST_NONCE), /timeoutSeconds/)
})

const shellcheck = findTool('shellcheck')

test('the script and every section body are clean for shellcheck', {
  skip: shellcheck === null ? 'shellcheck is not installed' : false,
}, () => {
  const sections = sectionsOf(PROBE_NAMES)
  const scripts = [
    composeScript(sections, TEST_NONCE),
    composeScript(sections, TEST_NONCE, {
      lock: INSPECTION_LOCK,
      sudoRefusals: [{ command: 'smartctl --scan', refusedAt: new Date(0) }],
    }),
    ...sections.map(({ section }) => `#!/bin/sh\n${SECTION_PRELUDE}${section.body}\n`),
  ]
  for (const input of scripts) {
    const { stdout } = spawnSync(shellcheck ?? '', ['-s', 'sh', '-e', 'SC2317', '-'], {
      input,
      encoding: 'utf8',
    })
    assert.equal(stdout, '')
  }
})
