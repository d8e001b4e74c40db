import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ERRORS } from '../../domain/errors.ts'
import { exitCodes, runCli } from './index.ts'
import { createSampleCli, type SampleWorld } from './sample-cli.ts'
import { displayWidth } from './terminal/display-width.ts'

async function run(words: string, world: SampleWorld = {}) {
  const sample = createSampleCli(world)
  const exitCode = await runCli(words.split(' ').filter(Boolean), sample.ports)
  return { exitCode, stdout: sample.stdout(), stderr: sample.stderr() }
}

const SAMPLE_HELP_ZH = `用法: smart-ops inspect sample [选项]

查看样本超过阈值的服务器。

选项:
  --memory-threshold <数字>  内存使用率阈值,百分比(大于 0 且不大于 100;默认 70)
  --ips <列表>               服务器地址(逗号分隔或重复)
  --scope <文本>             范围(abnormal、all;默认 abnormal)
  --use-ai                   使用模型
  --no-use-ai                关闭 --use-ai
  --rounds <数字>
  --note <文本>
  --filter <JSON>

通用选项:
  --json                     以一个 JSON 文档输出完整结果
  --lang <zh|en>             界面语言:zh 或 en
  -q, --quiet                不显示进度
  -h, --help                 显示帮助
`

const SAMPLE_HELP_EN = `Usage: smart-ops inspect sample [options]

Which servers are above a threshold in their sample.

Options:
  --memory-threshold <number>  memory usage above which a server is abnormal,
                               percent (above 0, at most 100; default 70)
  --ips <list>                 addresses of servers (commas, or repeat the
                               option)
  --scope <text>               which servers (one of abnormal, all; default
                               abnormal)
  --use-ai                     use the model
  --no-use-ai                  turn --use-ai off
  --rounds <number>
  --note <text>
  --filter <json>

Common options:
  --json                       print the whole result as one JSON document
  --lang <zh|en>               language: zh or en
  -q, --quiet                  show no progress
  -h, --help                   show help
`

const ROOT_HELP_ZH = `用法: smart-ops [选项] [命令]

智能运维硬件巡检监控系统

选项:
  -V, --version    显示版本

通用选项:
  --json           以一个 JSON 文档输出完整结果
  --lang <zh|en>   界面语言:zh 或 en
  -q, --quiet      不显示进度
  -h, --help       显示帮助

命令:
  inspect          sample
  runs             show
  doctor           体检
  services         list, call
  up               启动全部:网页、MCP,首次启动时巡检本机
  web              只启动网页服务
  mcp              启动 MCP 服务
  db               migrate, status, schema
  config           check, secret
  help [words...]  显示命令的帮助;help exit-codes 列出退出码

某个命令的帮助:smart-ops help 命令;退出码:smart-ops help exit-codes。

`

describe('help', () => {
  it('is pinned in both languages', async () => {
    assert.deepEqual(await run('inspect sample --help'), { exitCode: 0, stdout: SAMPLE_HELP_ZH, stderr: '' })
    assert.deepEqual(await run('inspect sample -h --lang en'), {
      exitCode: 0,
      stdout: SAMPLE_HELP_EN,
      stderr: '',
    })
    assert.deepEqual(await run('inspect sample -h', { language: 'en' }), {
      exitCode: 0,
      stdout: SAMPLE_HELP_EN,
      stderr: '',
    })
  })

  it('is what the program alone, `help` and `--help` print', async () => {
    for (const words of ['', 'help', '--help', '-h'])
      assert.deepEqual(await run(words), { exitCode: 0, stdout: ROOT_HELP_ZH, stderr: '' }, words)
  })

  it('is the same for `help inspect sample`, and a group alone shows its commands', async () => {
    assert.equal((await run('help inspect sample')).stdout, SAMPLE_HELP_ZH)
    const group = await run('inspect')
    assert.deepEqual([group.exitCode, group.stderr], [0, ''])
    assert.match(
      group.stdout,
      /^用法: smart-ops inspect \[选项\] \[命令\]\n[\s\S]*\n命令:\n {2}sample {10}样本巡检\n$/,
    )
  })

  it('shows an argument where the input has one required string', async () => {
    const { stdout } = await run('runs show --help')
    assert.match(stdout, /^用法: smart-ops runs show \[选项\] <run-id>\n/)
    assert.match(stdout, /\n参数:\n {2}run-id {10}运行编号\(必填\)\n/)
  })

  it('has no English heading in Chinese and no Chinese in English', async () => {
    const commands = [
      '',
      'inspect',
      'runs show',
      'services',
      'services list',
      'services call',
      'up',
      'mcp',
      'db',
      'db migrate',
      'db schema',
      'config check',
    ]
    for (const words of commands) {
      assert.doesNotMatch(
        (await run(`${words} --help`)).stdout,
        /Usage|Options|Commands|Arguments|display|\[options\]|\[command\]/,
        words,
      )
      assert.doesNotMatch((await run(`${words} --help --lang en`)).stdout, /\p{Script=Han}/u, words)
    }
  })

  it('wraps at the width of the terminal', async () => {
    const { stdout } = await run('inspect sample --help --lang en', { stdoutIsTTY: true, columns: 100 })
    for (const line of stdout.split('\n')) assert.ok(displayWidth(line) <= 100, line)
  })

  it('prints the version', async () =>
    assert.deepEqual(await run('--version'), { exitCode: 0, stdout: '1.2.3\n', stderr: '' }))
})

describe('help exit-codes', () => {
  it('lists 0, 1 and every code of the error registry', async () => {
    const listed = exitCodes()
    assert.deepEqual(
      listed.slice(0, 2).map((entry) => entry.exitCode),
      [0, 1],
    )
    assert.deepEqual(
      new Map(listed.slice(2).map((entry) => [entry.errorCode, entry.exitCode])),
      new Map(Object.entries(ERRORS).map(([code, spec]) => [code, spec.exitCode])),
    )
    const { stdout, exitCode } = await run('help exit-codes --lang en')
    assert.equal(exitCode, 0)
    assert.ok(
      stdout.startsWith(
        '# Exit codes\n\n| Exit code | Error code | Meaning and what to do |\n|---:|---|---|\n| 0 |  | Success.',
      ),
    )
    for (const code of Object.keys(ERRORS)) assert.ok(stdout.includes(`| ${code} |`), code)
    assert.equal(
      JSON.parse((await run('help exit-codes --json')).stdout).data.exit_codes.length,
      listed.length,
    )
  })
})

describe('a wrong command line', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'inspect sampel',
      '未知命令 "sampel";可用:sample。是否想输入 sample?',
      'Unknown command "sampel"; known are sample. Did you mean sample?',
    ],
    [
      'inspect sample --memory-treshold 3',
      '未知选项 --memory-treshold。是否想输入 --memory-threshold?',
      'Unknown option --memory-treshold. Did you mean --memory-threshold?',
    ],
    ['inspect sample --zzz', '未知选项 --zzz。', 'Unknown option --zzz.'],
    [
      'inspect sample extra',
      '多余的参数:"extra"(此命令接受 0 个参数)。',
      'Too many arguments: "extra" (this command takes 0).',
    ],
    ['inspect sample --rounds', '选项 --rounds <数字> 缺少值。', 'Option --rounds <number> needs a value.'],
    ['runs show', '缺少参数 <run-id>。', 'The argument <run-id> is missing.'],
    ['services call', '缺少参数 <name>。', 'The argument <name> is missing.'],
    [
      'help nothing',
      '没有关于 "nothing" 的帮助;可用:inspect、runs、doctor、services、up、web、mcp、db、config、help、exit-codes。',
      'There is no help on "nothing"; known are inspect, runs, doctor, services, up, web, mcp, db, config, help, exit-codes.',
    ],
    ['up --json', '未知选项 --json。', 'Unknown option --json.'],
  ]
  for (const [words, zh, en] of cases) {
    it(`is explained in both languages: ${words}`, async () => {
      const chinese = await run(words)
      const english = await run(words, { language: 'en' })
      assert.deepEqual([chinese.exitCode, english.exitCode], [2, 2])
      if (words.endsWith('--json')) {
        assert.deepEqual([JSON.parse(chinese.stdout).error, JSON.parse(english.stdout).error], [zh, en])
        return
      }
      const command = /`(smart-ops[^`]*--help)`/.exec(chinese.stderr)?.[1]
      assert.ok(command !== undefined, chinese.stderr)
      assert.equal((await run(command.replace('smart-ops ', ''))).exitCode, 0)
      assert.deepEqual(chinese, {
        exitCode: 2,
        stdout: '',
        stderr: `错误:${zh}\n建议:参见 \`${command}\`。\n`,
      })
      assert.deepEqual(english, {
        exitCode: 2,
        stdout: '',
        stderr: `Error: ${en}\nHint: See \`${command}\`.\n`,
      })
    })
  }

  it('refuses an unknown language in the default one', async () => {
    for (const words of ['inspect sample --lang fr', '--lang=fr'])
      assert.deepEqual(await run(words), {
        exitCode: 2,
        stdout: '',
        stderr: '错误:选项 --lang 的值 "fr" 无效;允许:zh、en。\n建议:按提示改正参数后重试。\n',
      })
  })
})
