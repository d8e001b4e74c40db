import { Option } from 'commander'
import { AppError } from '../../domain/errors.ts'
import { type Text, text } from '../../domain/text.ts'
import { addCommonFlags, type FlagSet } from './cli-flags.ts'
import { type ProcessCommands, SQL_DIALECTS, type SqlDialect } from './cli-ports.ts'
import type { CliSession } from './cli-session.ts'
import type { CommandFor } from './command-tree.ts'

/** A command of the program itself, not of the registries. */
interface ProcessCommand {
  readonly words: readonly [string, ...string[]]
  readonly summary: Text
  readonly flags: FlagSet
  readonly options: readonly { readonly flags: string; readonly description: Text }[]
  run(processes: ProcessCommands, options: Readonly<Record<string, unknown>>): Promise<number>
}

const PROCESS_COMMANDS: readonly ProcessCommand[] = [
  {
    words: ['up'],
    summary: text(
      '启动全部:网页、MCP,首次启动时巡检本机',
      'start everything: web and MCP; the first start inspects this machine',
    ),
    flags: 'language',
    options: [],
    run: (processes) => processes.up(),
  },
  {
    words: ['web'],
    summary: text('只启动网页服务', 'start the web server alone'),
    flags: 'language',
    options: [],
    run: (processes) => processes.web(),
  },
  {
    words: ['mcp'],
    summary: text('启动 MCP 服务', 'start the MCP server'),
    flags: 'language',
    options: [
      {
        flags: '--stdio',
        description: text('通过标准输入输出服务本地客户端', 'serve a local client over stdin and stdout'),
      },
    ],
    run: (processes, options) => processes.mcp({ stdio: options['stdio'] === true }),
  },
  {
    words: ['db', 'migrate'],
    summary: text('建立或补全数据库结构', 'create or complete the database schema'),
    flags: 'language_and_json',
    options: [
      { flags: '--print', description: text('只打印将执行的 SQL', 'only print the SQL that would run') },
    ],
    run: (processes, options) =>
      processes.dbMigrate({ print: options['print'] === true, json: options['json'] === true }),
  },
  {
    words: ['db', 'status'],
    summary: text('显示数据库与结构版本', 'show the database and its schema version'),
    flags: 'language_and_json',
    options: [],
    run: (processes, options) => processes.dbStatus({ json: options['json'] === true }),
  },
  {
    words: ['db', 'schema'],
    summary: text('打印完整结构的 SQL', 'print the SQL of the whole schema'),
    flags: 'language',
    options: [
      {
        flags: '--dialect <mysql|sqlite>',
        description: text('SQL 方言(默认 mysql)', 'SQL dialect (default mysql)'),
      },
    ],
    run: (processes, options) => processes.dbSchema({ dialect: dialectOf(options['dialect']) }),
  },
  {
    words: ['config', 'check'],
    summary: text('检查配置并显示生效值', 'check the configuration and show what is in force'),
    flags: 'language_and_json',
    options: [],
    run: (processes, options) => processes.configCheck({ json: options['json'] === true }),
  },
  {
    words: ['config', 'secret'],
    summary: text(
      '从标准输入读取一个密钥,加密存入数据库(配置中写 encrypted:名称)',
      'read a secret from standard input and store it encrypted (the configuration says encrypted:NAME)',
    ),
    flags: 'language',
    options: [
      {
        flags: '--name <name>',
        description: text('名称:小写字母、数字与下划线', 'name: lower-case letters, digits and underscores'),
      },
    ],
    run: (processes, options) => processes.configSecret({ name: secretNameOf(options['name']) }),
  },
]

/** Adds the process commands; `commandFor` makes (or finds) the command of some words. */
export function addProcessCommands(commandFor: CommandFor, session: CliSession): void {
  const { language } = session
  for (const entry of PROCESS_COMMANDS) {
    const command = commandFor(entry.words)
      .summary(entry.summary[language])
      .description(entry.summary[language])
    for (const option of entry.options)
      command.addOption(new Option(option.flags, option.description[language]))
    addCommonFlags(command, language, entry.flags).action(async () => {
      session.exitCode = await entry.run(session.ports.processes, command.opts())
    })
  }
}

const SECRET_NAME = /^[a-z][a-z0-9_]{0,99}$/

function secretNameOf(value: unknown): string {
  if (typeof value === 'string' && SECRET_NAME.test(value)) return value
  const found = value === undefined ? null : JSON.stringify(value)
  throw new AppError(
    'INPUT_INVALID',
    text(
      `选项 --name ${found === null ? '没有给出' : `的值 ${found} 无效`};允许:以小写字母开头,只含小写字母、数字与下划线,至多 100 个字符。`,
      `Option --name ${found === null ? 'is missing' : `cannot be ${found}`}; allowed: a lower-case letter, then lower-case letters, digits and underscores, at most 100 characters.`,
    ),
    { details: { field: 'name', found: value ?? null } },
  )
}

const isDialect = (value: unknown): value is SqlDialect => SQL_DIALECTS.some((dialect) => dialect === value)

function dialectOf(value: unknown): SqlDialect {
  if (value === undefined) return 'mysql'
  if (isDialect(value)) return value
  throw new AppError(
    'INPUT_INVALID',
    text(
      `选项 --dialect 的值 ${JSON.stringify(value)} 无效;允许:${SQL_DIALECTS.join('、')}。`,
      `Option --dialect cannot be ${JSON.stringify(value)}; allowed: ${SQL_DIALECTS.join(', ')}.`,
    ),
    { details: { field: 'dialect', found: value, allowed: SQL_DIALECTS } },
  )
}
