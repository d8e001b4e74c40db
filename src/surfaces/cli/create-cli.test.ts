import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { AppError, ERRORS } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { runDoctor } from '../../operations/doctor/run.ts'
import { cliOffers, createCli, exitCodes, runCli } from './index.ts'
import { createSampleCli, failure, type SampleWorld, sampleOperations, success } from './sample-cli.ts'

async function run(words: string | readonly string[], world: SampleWorld = {}) {
  const sample = createSampleCli(world)
  const exitCode = await runCli(
    typeof words === 'string' ? words.split(' ').filter(Boolean) : words,
    sample.ports,
  )
  return {
    exitCode,
    stdout: sample.stdout(),
    stderr: sample.stderr(),
    calls: sample.calls,
    events: sample.events,
  }
}

const inputOf = async (words: string | readonly string[]): Promise<unknown> => {
  const { calls, exitCode, stderr } = await run(words)
  assert.equal(exitCode, 0, stderr)
  return calls[0]?.input
}

describe('commands of the registry', () => {
  it('passes on what was given, converted by type, and nothing else', async () => {
    assert.deepEqual(await inputOf('inspect sample'), {})
    assert.deepEqual(
      await inputOf(
        'inspect sample --memory-threshold 80.5 --ips 10.0.0.1,10.0.0.2 --ips ::1 --scope all --use-ai --rounds 3 --note 007 --filter {"group":"a"}',
      ),
      {
        memory_threshold: 80.5,
        ips: ['10.0.0.1', '10.0.0.2', '::1'],
        scope: 'all',
        use_ai: true,
        rounds: 3,
        note: '007',
        filter: { group: 'a' },
      },
    )
    assert.deepEqual(await inputOf('inspect sample --memory-threshold=9 --no-use-ai'), {
      memory_threshold: 9,
      use_ai: false,
    })
  })

  it('takes the only required string as an argument or by its option', async () => {
    assert.deepEqual(await inputOf('runs show 42'), { run_id: '42' })
    assert.deepEqual(await inputOf('runs show --run-id 42 --verbose'), { run_id: '42', verbose: true })
    const twice = await run('runs show 42 --run-id 43')
    assert.equal(twice.exitCode, 2)
    assert.equal(
      twice.stderr,
      '错误:run-id 既作为参数又作为选项 --run-id 给出;只给其中一个。\n建议:按提示改正参数后重试。\n',
    )
  })

  it('leaves judging a value to the door', async () => {
    const { exitCode, calls, stderr } = await run('inspect sample --memory-threshold 150')
    assert.deepEqual(
      calls.map((call) => call.input),
      [{ memory_threshold: 150 }],
    )
    assert.equal(exitCode, 2)
    assert.match(stderr, /^错误:/)
  })

  it('opens the door for a call only, closes it once, and tolerates a dead database for doctor alone', async () => {
    assert.deepEqual((await run('inspect sample')).events, ['open', 'close'])
    assert.deepEqual((await run('doctor')).events, ['open tolerant', 'close'])
    assert.deepEqual((await run('services call sample_doctor')).events, ['open tolerant', 'close'])
    for (const words of [
      '',
      'services list',
      'help',
      '--version',
      'inspect',
      'inspect sample --help',
      'inspect sample --rounds x',
    ])
      assert.deepEqual((await run(words)).events, [], words)
    const broken = await run('inspect sample', { answer: async () => Promise.reject(new Error('boom')) })
    assert.deepEqual(broken.events, ['open', 'close'])
    assert.equal(broken.exitCode, 70)
    assert.match(broken.stderr, /Error: boom\n\s+at /)
  })

  it('is refused at build when two operations want one command', () => {
    const [[, first] = []] = sampleOperations
    assert.ok(first !== undefined)
    const operations = new Map([...sampleOperations, ['other', { ...first, name: 'other' }]])
    assert.throws(
      () => createCli(createSampleCli({ operations }).ports),
      /the command inspect sample is taken twice/,
    )
  })
})

describe('what is printed', () => {
  it('renders for a terminal, with styles of ours and none of others', async () => {
    const { stdout } = await run('inspect sample', { stdoutIsTTY: true })
    assert.equal(
      stdout,
      [
        '\u001b[1m\u001b[4m样本巡检\u001b[24m\u001b[22m',
        '共 \u001b[1m1\u001b[22m 台。',
        '',
        '\u001b[1m名称\u001b[22m         \u001b[1m内存\u001b[22m  \u001b[1m进程\u001b[22m',
        '──────────────────────────',
        '数据库一号  91.2%  java',
        'web            3%  evilexe',
        '',
      ].join('\n'),
    )
  })

  it('writes plain Markdown into a pipe, without control characters', async () => {
    const { stdout, stderr } = await run('inspect sample')
    assert.match(stdout, /^# 样本巡检\n\n共 \*\*1\*\* 台。\n/)
    assert.match(stdout, /\| web \| 3% \| evilexe \|\n$/)
    assert.equal(stderr, '')
  })

  it('prints the message when there is no Markdown', async () =>
    assert.equal((await run('runs show 1')).stdout, 'ok\n'))

  it('prints the whole envelope and nothing else with --json, wherever that stands', async () => {
    for (const words of ['inspect sample --json', '--json inspect sample', 'inspect --json sample']) {
      const { stdout, stderr, exitCode } = await run(words, {
        stdoutIsTTY: true,
        answer: async () => success({ name: 'a\u001b[31m\u009bb' }),
      })
      assert.deepEqual(JSON.parse(stdout), success({ name: 'a\u001b[31m\u009bb' }))
      assert.doesNotMatch(stdout.replaceAll('\n', ''), /\p{Cc}/u)
      assert.deepEqual([stderr, exitCode], ['', 0])
    }
  })

  it('says an error and what to do on stderr, or as an envelope on stdout', async () => {
    const answer = async () => failure('RUN_UNKNOWN', '没有运行 \u001b[2J9')
    const human = await run('runs show 9', { answer, stderrIsTTY: true })
    assert.deepEqual([human.exitCode, human.stdout], [4, ''])
    assert.ok(
      human.stderr.endsWith(
        '\u001b[1m\u001b[31m错误:\u001b[39m\u001b[22m没有运行 9\n建议:用 `smart-ops runs list` 查看运行记录。\n',
      ),
      human.stderr,
    )
    const json = await run('runs show 9 --json', { answer })
    assert.deepEqual([json.exitCode, json.stderr], [4, ''])
    assert.deepEqual(JSON.parse(json.stdout), await answer())
  })

  it('answers a wrong command line and a broken start in JSON too', async () => {
    const wrong = await run('inspect sample --memory-threshold abc --json --lang en')
    assert.equal(wrong.exitCode, 2)
    assert.deepEqual(JSON.parse(wrong.stdout), {
      success: false,
      error: 'Option --memory-threshold cannot be "abc"; allowed: a number above 0, at most 100.',
      code: 'INPUT_INVALID',
      hint: ERRORS.INPUT_INVALID.hint.en,
      timestamp: '2026-03-01 12:05:06',
      details: { field: 'memory_threshold', found: 'abc', allowed: 'a number above 0, at most 100' },
    })
    const openFailure = new AppError(
      'DATABASE_REFUSED',
      text('数据库拒绝了密码', 'The database refused the password'),
    )
    const broken = await run('inspect sample --json', { openFailure })
    assert.deepEqual([broken.exitCode, JSON.parse(broken.stdout).error], [69, '数据库拒绝了密码'])
  })

  it('shows progress on stderr as lines in a pipe, none with --quiet, and keeps stdout for the result', async () => {
    const answer: SampleWorld['answer'] = async ({ options }) => {
      const at = new Date('2026-03-01T04:05:06Z')
      options.onProgress?.({
        at,
        runId: null,
        step: 'memory',
        done: 1,
        total: 2,
        message: text('正在读内存', 'reading memory'),
      })
      return success({})
    }
    assert.equal((await run('inspect sample', { answer })).stderr, '[0s] memory 1/2 正在读内存\n')
    const json = await run('inspect sample --json --lang en', { answer })
    assert.equal(json.stderr, '[0s] memory 1/2 reading memory\n')
    assert.deepEqual(JSON.parse(json.stdout), success({}))
    for (const flag of ['-q', '--quiet'])
      assert.equal((await run(`inspect sample ${flag}`, { answer })).stderr, '')
    const live = await run('inspect sample', { answer, stderrIsTTY: true })
    assert.equal(live.stderr, '\r\u001b[2K⠋ 0s memory 1/2 正在读内存\r\u001b[2K')
  })

  it('ends quietly when nobody reads any more', async () => {
    const onWrite = () => {
      throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
    }
    for (const words of ['inspect sample', 'inspect sample --json', '--help', 'services list']) {
      const { exitCode, stderr } = await run(words, { onWrite })
      assert.deepEqual([exitCode, stderr], [0, ''], words)
    }
  })
})

describe('exit codes', () => {
  it('gives every error its own', async () => {
    for (const { errorCode, exitCode } of exitCodes()) {
      if (errorCode === null) continue
      const openFailure = new AppError(errorCode, text('错', 'wrong'))
      assert.equal((await run('inspect sample', { openFailure })).exitCode, exitCode, errorCode)
    }
  })

  it('is 1 when the doctor found a failed check, and 0 when not', async () => {
    const operations = new Map([[runDoctor.name, runDoctor]])
    for (const [state, expected] of [
      ['failed', 1],
      ['warning', 0],
    ] as const) {
      const data = runDoctor.output.parse({
        healthy: state !== 'failed',
        checks: [{ name: 'database', state, found: 'x', remedy: null }],
      })
      for (const words of ['doctor', 'doctor --json', `services call ${runDoctor.name}`])
        assert.equal(
          (await run(words, { operations, answer: async () => success(data) })).exitCode,
          expected,
          `${words} ${state}`,
        )
    }
  })

  it('is 130 after an interrupt, during the call and before the door is open', async () => {
    const during = new AbortController()
    const inCall = await run('inspect sample', {
      signal: during.signal,
      answer: ({ options }) =>
        new Promise((resolve) => {
          options.signal?.addEventListener('abort', () => resolve(failure('CANCELLED', '已取消')))
          during.abort()
        }),
    })
    assert.deepEqual([inCall.exitCode, inCall.events], [130, ['open', 'close']])
    const before = await run('inspect sample', { signal: AbortSignal.abort() })
    assert.deepEqual([before.exitCode, before.calls, before.events], [130, [], ['open', 'close']])
  })

  it('is what a process command says', async () => {
    const cases: readonly (readonly [string, string])[] = [
      ['up', 'up'],
      ['web', 'web'],
      ['mcp', 'mcp {"stdio":false}'],
      ['mcp --stdio', 'mcp {"stdio":true}'],
      ['db migrate', 'dbMigrate {"print":false,"json":false}'],
      ['db migrate --print --json', 'dbMigrate {"print":true,"json":true}'],
      ['db status --json', 'dbStatus {"json":true}'],
      ['db schema', 'dbSchema {"dialect":"mysql"}'],
      ['db schema --dialect sqlite', 'dbSchema {"dialect":"sqlite"}'],
      ['config check', 'configCheck {"json":false}'],
    ]
    for (const [words, event] of cases) {
      const { exitCode, events } = await run(words)
      assert.deepEqual([exitCode, events], [7, [event]], words)
    }
    assert.equal(
      (await run('db schema --dialect oracle')).stderr,
      '错误:选项 --dialect 的值 "oracle" 无效;允许:mysql、sqlite。\n建议:按提示改正参数后重试。\n',
    )
  })
})

describe('services call', () => {
  const call = (...words: string[]) =>
    run(['services', 'call', ...words], { stdin: '{"run_id":"from stdin"}' })

  it('reaches every operation by name, with input in the line, from a file and from stdin', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'cli-test-'))
    context.after(() => rm(folder, { recursive: true }))
    const file = join(folder, 'input.json')
    await writeFile(file, '\ufeff{"run_id":"from file"}')
    const inputs = [
      await call('runs_show', '--json', '{"run_id":"1"}'),
      await call('runs_show', '--json={"run_id":"1"}'),
      await call('runs_show', '--json', `@${file}`),
      await call('runs_show', '--json', '-'),
      await call('runs_show', '--input', '-'),
      await call('sample_doctor', '--json'),
    ]
    assert.deepEqual(
      inputs.map(({ calls }) => calls[0]?.input),
      [
        { run_id: '1' },
        { run_id: '1' },
        { run_id: 'from file' },
        { run_id: 'from stdin' },
        { run_id: 'from stdin' },
        {},
      ],
    )
    assert.deepEqual(JSON.parse(inputs[0]?.stdout ?? ''), success({ received: { run_id: '1' } }))
    assert.equal(inputs[4]?.stdout, 'ok\n')
    for (const name of sampleOperations.keys()) assert.equal((await call(name)).calls[0]?.name, name)
  })

  it('says what is wrong with the name or the input', async () => {
    const errorOf = async (...words: string[]) => {
      const { exitCode, stdout, calls } = await call(...words, '--lang', 'en')
      assert.deepEqual([exitCode, calls], [2, []])
      const envelope = JSON.parse(stdout)
      return `${envelope.code} ${envelope.error}`
    }
    assert.equal(
      await errorOf('runs', '--json', '{}'),
      'OPERATION_UNKNOWN There is no service or operation named "runs". Did you mean runs_show?',
    )
    assert.match(
      await errorOf('runs_show', '--json', '{run_id:1}'),
      /^INPUT_INVALID The input is not valid JSON: /,
    )
    assert.match(
      await errorOf('runs_show', '--json', '@/nowhere/x.json'),
      /^INPUT_INVALID Cannot read the input file "\/nowhere\/x.json": ENOENT/,
    )
    assert.match(await errorOf('runs_show', '--json', '{}', '--input', '{}'), /give one of them/)
  })
})

describe('cliOffers', () => {
  it('lists what the command line reaches', () => {
    assert.deepEqual(cliOffers(sampleOperations), [...sampleOperations.keys()])
    assert.deepEqual(cliOffers(new Map()), [])
  })
})
