import { readFile } from 'node:fs/promises'
import { Option } from 'commander'
import { z } from 'zod'
import { AppError } from '../../domain/errors.ts'
import { pick, text } from '../../domain/text.ts'
import type { AnyOperation } from '../../services/service-definition.ts'
import { addCommonFlags } from './cli-flags.ts'
import { type CliSession, callOperation, untilAborted } from './cli-session.ts'
import type { CommandFor } from './command-tree.ts'

/** Adds `services list` and `services call NAME`, which reaches every operation whatever its own command. */
export function addServicesCommands(commandFor: CommandFor, session: CliSession): void {
  addListCommand(commandFor, session)
  addCallCommand(commandFor, session)
}

function addListCommand(commandFor: CommandFor, session: CliSession): void {
  const { language, ports } = session
  const title = text('列出全部服务与操作', 'List all services and operations')
  const command = commandFor(['services', 'list']).summary(title[language]).description(title[language])
  addCommonFlags(command, language).action(() => {
    const operations = [...ports.operations.values()]
    const head = text('| 名称 | 标题 | 影响 | 命令 |', '| Name | Title | Effect | Command |')
    const rows = operations.map(
      (one) =>
        `| ${one.name} | ${pick(one.title, language)} | ${one.effect} | \`${one.command.join(' ')}\` |`,
    )
    session.printer.result(
      text(`共 ${operations.length} 项`, `${operations.length} entries`),
      { services: operations.map(describeOperation) },
      [pick(head, language), '|---|---|---|---|', ...rows, ''].join('\n'),
    )
  })
}

const describeOperation = (operation: AnyOperation) => ({
  name: operation.name,
  service_id: operation.serviceId,
  title: operation.title,
  description: operation.description,
  keywords: operation.keywords,
  effect: operation.effect,
  idempotent: operation.idempotent,
  command: operation.command,
  input_schema: z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }),
})

function addCallCommand(commandFor: CommandFor, session: CliSession): void {
  const { language } = session
  const source = text("'{…}'、@文件 或 -(标准输入)", "'{…}', @FILE or - (standard input)")[language]
  const command = commandFor(['services', 'call'])
    .summary(text('按名称调用任意服务或操作', 'call any service or operation by its name')[language])
    .description(
      text(
        '按名称调用任意服务或操作。--json 既给出输入,也使输出为完整 JSON;--input 只给出输入。',
        'Call any service or operation by its name. --json gives the input and makes the output the whole JSON; --input only gives the input.',
      )[language],
    )
    .argument('<name>', text('名称,见 services list', 'its name, see services list')[language])
    .addOption(
      new Option('--json [input]', text(`JSON 输入与输出:${source}`, `JSON in and out: ${source}`)[language]),
    )
    .addOption(new Option('--input <input>', text(`JSON 输入:${source}`, `JSON input: ${source}`)[language]))
  addCommonFlags(command, language, 'without_json').action(async (name: string) => {
    const operation = session.ports.operations.get(name)
    if (operation === undefined) throw unknownOperation(name, session)
    const given = [command.getOptionValue('json'), command.getOptionValue('input')].filter(
      (value): value is string => typeof value === 'string',
    )
    const [input] = given
    if (given.length > 1) throw inputTwice()
    await callOperation(session, operation, input === undefined ? {} : await readInput(input, session))
  })
}

/** Returns the JSON value that the source names. Throws AppError INPUT_INVALID when there is none. */
async function readInput(source: string, session: CliSession): Promise<unknown> {
  const content = await readSource(source, session)
  try {
    return JSON.parse(content.replace(/^\ufeff/, ''))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AppError(
      'INPUT_INVALID',
      text(`输入不是合法的 JSON:${reason}`, `The input is not valid JSON: ${reason}`),
      { cause: error, details: { field: 'input' } },
    )
  }
}

async function readSource(source: string, session: CliSession): Promise<string> {
  const { ports } = session
  if (source === '-') return (await untilAborted(ports.readStdin(), ports.signal)).toString('utf8')
  if (!source.startsWith('@')) return source
  const path = source.slice(1)
  try {
    return await readFile(path, { encoding: 'utf8', signal: ports.signal })
  } catch (error) {
    if (ports.signal.aborted)
      throw new AppError('CANCELLED', text('操作已取消。', 'The call was cancelled.'), { cause: error })
    const reason = error instanceof Error ? error.message : String(error)
    throw new AppError(
      'INPUT_INVALID',
      text(
        `无法读取输入文件 ${JSON.stringify(path)}:${reason}`,
        `Cannot read the input file ${JSON.stringify(path)}: ${reason}`,
      ),
      { cause: error, details: { field: 'input', found: path } },
    )
  }
}

const inputTwice = (): AppError =>
  new AppError(
    'INPUT_INVALID',
    text(
      '输入既由 --json 又由 --input 给出;只给其中一个。',
      'The input is given by --json and by --input; give one of them.',
    ),
    { details: { field: 'input' } },
  )

const MOST_SUGGESTED = 3

function unknownOperation(name: string, session: CliSession): AppError {
  const near = [...session.ports.operations.keys()].filter((known) => name !== '' && known.includes(name))
  const suggestions = near.slice(0, MOST_SUGGESTED)
  const zh = suggestions.length === 0 ? '' : `是否想输入 ${suggestions.join('、')}?`
  const en = suggestions.length === 0 ? '' : ` Did you mean ${suggestions.join(', ')}?`
  return new AppError(
    'OPERATION_UNKNOWN',
    text(
      `没有名为 ${JSON.stringify(name)} 的服务或操作。${zh}`,
      `There is no service or operation named ${JSON.stringify(name)}.${en}`,
    ),
    { details: { found: name, suggestions } },
  )
}
