import { type Command, Option } from 'commander'
import { AppError } from '../../domain/errors.ts'
import { type Language, text } from '../../domain/text.ts'

/** What every command understands. */
export interface CliFlags {
  readonly language: Language
  /** The whole envelope as one JSON document on stdout, and nothing else there. */
  readonly json: boolean
  /** No progress. */
  readonly quiet: boolean
}

const LANGUAGES: Readonly<Record<string, Language>> = { zh: 'zh', en: 'en' }

/**
 * Returns the common flags found anywhere before `--`. They are read before the commands are built, because the
 * commands' own texts depend on the language, and because a wrong command line must be answered in JSON too.
 * Also returns what is wrong with them: an AppError INPUT_INVALID for an unknown language, else null.
 */
export function readFlags(
  argv: readonly string[],
  defaultLanguage: Language,
): { readonly flags: CliFlags; readonly error: AppError | null } {
  const end = argv.indexOf('--')
  const words = end === -1 ? argv : argv.slice(0, end)
  const json = words.some((word) => word === '--json' || word.startsWith('--json='))
  const quiet = words.some((word) => word === '--quiet' || word === '-q')
  const asked = words.flatMap((word, index) => {
    if (word.startsWith('--lang=')) return [word.slice('--lang='.length)]
    const next = words[index + 1]
    return word === '--lang' && next !== undefined ? [next] : []
  })
  const last = asked.at(-1)
  const language = last === undefined ? defaultLanguage : LANGUAGES[last]
  return {
    flags: { json, quiet, language: language ?? defaultLanguage },
    error: language === undefined ? unknownLanguage(last ?? '') : null,
  }
}

const unknownLanguage = (found: string): AppError =>
  new AppError(
    'INPUT_INVALID',
    text(
      `选项 --lang 的值 ${JSON.stringify(found)} 无效;允许:zh、en。`,
      `Option --lang cannot be ${JSON.stringify(found)}; allowed: zh, en.`,
    ),
    { details: { field: 'lang', found, allowed: 'zh, en' } },
  )

const WORDS = {
  group: text('通用选项:', 'Common options:'),
  json: text('以一个 JSON 文档输出完整结果', 'print the whole result as one JSON document'),
  lang: text('界面语言:zh 或 en', 'language: zh or en'),
  quiet: text('不显示进度', 'show no progress'),
  help: text('显示帮助', 'show help'),
}

/**
 * Which of the common flags a command takes. A server process has no result and no progress, SQL is no envelope, and
 * `without_json` is for the command whose own `--json` means more.
 */
export type FlagSet = 'all' | 'language_and_json' | 'language' | 'without_json'

/** Declares the common flags on the command, so that help shows them and the parser takes them anywhere. */
export function addCommonFlags(command: Command, language: Language, set: FlagSet = 'all'): Command {
  const add = (flags: string, description: string): void => {
    command.addOption(new Option(flags, description).helpGroup(WORDS.group[language]))
  }
  if (set === 'all' || set === 'language_and_json') add('--json', WORDS.json[language])
  add('--lang <zh|en>', WORDS.lang[language])
  if (set === 'all' || set === 'without_json') add('-q, --quiet', WORDS.quiet[language])
  command.addHelpOption(new Option('-h, --help', WORDS.help[language]).helpGroup(WORDS.group[language]))
  return command
}
