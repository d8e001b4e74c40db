import { Argument, type Command, Option } from 'commander'
import { AppError } from '../../domain/errors.ts'
import { type Language, pick, text } from '../../domain/text.ts'
import type { AnyOperation } from '../../services/service-definition.ts'
import { commandPath } from './command-error.ts'
import { convertValue } from './convert-value.ts'
import { givesContent, readFileField } from './file-field.ts'
import {
  allowedOf,
  boundsOf,
  type InputField,
  inputFieldsOf,
  isFileField,
  placeholderOf,
  positionalFieldsOf,
} from './input-field.ts'

/** What commands of operations need from around them. */
export interface OperationHost {
  /** What a command does once its words are converted. */
  onCall(
    operation: AnyOperation,
    input: Readonly<Record<string, unknown>>,
    options: { readonly saveTo?: string },
  ): Promise<void>
  readStdin(): Promise<Buffer>
}

/** One field with what the command line said of it. */
interface SaidField {
  readonly field: InputField
  readonly isArgument: boolean
  readonly words: readonly string[]
}

/**
 * Turns an empty command into the operation's own: one option per input field, and those that the definition names (by
 * default the only required string) also as arguments. `onCall` gets the converted input; the door validates it.
 */
export function buildOperationCommand(
  command: Command,
  operation: AnyOperation,
  language: Language,
  host: OperationHost,
): void {
  const fields = inputFieldsOf(operation)
  const positional = positionalFieldsOf(operation, fields)
  command.summary(pick(operation.title, language)).description(pick(operation.description, language))
  for (const field of positional)
    command.addArgument(new Argument(`[${argumentName(field, language)}]`, describe(field, language)))
  if (positional.length > 0)
    command.usage(['[options]', ...positional.map((field) => argumentShown(field, language))].join(' '))
  const readers = fields.map((field) =>
    addFieldOption(command, field, { language, hidden: positional.includes(field) }),
  )
  const readSavePath = givesContent(operation) ? addSaveOption(command, operation, language) : () => undefined
  command.action(async () => {
    const said = fields.map((field, index): SaidField => {
      const words = readers[index]?.() ?? []
      const argument = command.args[positional.indexOf(field)]
      if (argument !== undefined && words.length > 0) throw givenTwice(field)
      return {
        field,
        isArgument: positional.includes(field),
        words: argument === undefined ? words : [argument],
      }
    })
    const given: Record<string, unknown> = {}
    for (const one of said) {
      const value = await convertSaid(one, command, host)
      if (value !== undefined) given[one.field.name] = value
    }
    const saveTo = readSavePath()
    await host.onCall(operation, given, saveTo === undefined ? {} : { saveTo })
  })
}

/** Returns the converted value; undefined for a field of which nothing was said. */
async function convertSaid(
  { field, isArgument, words }: SaidField,
  command: Command,
  { readStdin }: OperationHost,
): Promise<unknown> {
  const word = words.at(-1)
  if (isFileField(field) && (word !== undefined || (isArgument && field.isPath)))
    return await readFileField(field, word ?? null, readStdin)
  if (word !== undefined) return convertValue(field, words)
  if (isArgument) throw argumentMissing(field, command)
  return undefined
}

const argumentName = (field: InputField, language: Language): string =>
  field.isPath ? text('文件', 'file')[language] : field.option

const argumentShown = (field: InputField, language: Language): string =>
  field.isPath ? `[${argumentName(field, language)}|-]` : `<${field.option}>`

/** Adds `--save FILE` and returns a function that tells the path it was given. */
function addSaveOption(
  command: Command,
  operation: AnyOperation,
  language: Language,
): () => string | undefined {
  if (inputFieldsOf(operation).some((field) => field.option === 'save'))
    throw new Error(`${operation.name}: the input field save is taken by the command line`)
  const description = text('把文件写到此路径(不覆盖)', 'write the file here (never over another)')
  command.option(`--save ${text('<文件>', '<file>')[language]}`, description[language])
  return () => {
    const path: unknown = command.getOptionValue('save')
    return typeof path === 'string' ? path : undefined
  }
}

/** Adds the field's option and returns a function that tells the raw words it was given, in order. */
function addFieldOption(
  command: Command,
  field: InputField,
  look: { readonly language: Language; readonly hidden: boolean },
): () => readonly string[] {
  const description = describe(field, look.language)
  const isFlag = field.kind === 'boolean' && !field.isList
  const flags = isFlag ? `--${field.option}` : `--${field.option} ${placeholderOf(field, look.language)}`
  const option = new Option(flags, description).hideHelp(look.hidden)
  if (isFlag) {
    command.addOption(option)
    command.addOption(
      new Option(
        `--no-${field.option}`,
        text(`关闭 --${field.option}`, `turn --${field.option} off`)[look.language],
      ),
    )
  } else {
    command.addOption(option.argParser((word: string, earlier: readonly string[] = []) => [...earlier, word]))
  }
  return () => {
    const value: unknown = command.getOptionValue(option.attributeName())
    if (typeof value === 'boolean') return [String(value)]
    return Array.isArray(value) ? value.map(String) : []
  }
}

/** Returns the field's help: what it is, what is allowed where the description alone does not say, the default. */
function describe(field: InputField, language: Language): string {
  const particulars: string[] = []
  if (field.choices !== null) particulars.push(pick(allowedOf({ ...field, isList: false }), language))
  const bounds = field.range === null ? null : boundsOf(field.range)
  if (bounds !== null) particulars.push(pick(bounds, language))
  if (field.isList) particulars.push(text('逗号分隔或重复', 'commas, or repeat the option')[language])
  if (field.isRequired) particulars.push(text('必填', 'required')[language])
  if (field.defaultShown !== null)
    particulars.push(text(`默认 ${field.defaultShown}`, `default ${field.defaultShown}`)[language])
  const description = pick(field.description, language)
  if (particulars.length === 0) return description
  const joined = particulars.join(text(';', '; ')[language])
  return description === ''
    ? joined
    : text(`${description}(${joined})`, `${description} (${joined})`)[language]
}

const argumentMissing = (field: InputField, command: Command): AppError =>
  new AppError(
    'INPUT_INVALID',
    text(`缺少参数 <${field.option}>。`, `The argument <${field.option}> is missing.`),
    { details: { field: field.name, help: `${commandPath(command)} --help` } },
  )

const givenTwice = (field: InputField): AppError =>
  new AppError(
    'INPUT_INVALID',
    text(
      `${field.option} 既作为参数又作为选项 --${field.option} 给出;只给其中一个。`,
      `${field.option} is given both as argument and as --${field.option}; give one of them.`,
    ),
    { details: { field: field.name } },
  )
