import type { Command } from 'commander'
import { AppError, ERRORS, type ErrorCode } from '../../domain/errors.ts'
import { pick, type Text, text } from '../../domain/text.ts'
import { addCommonFlags } from './cli-flags.ts'
import { CHECK_FAILED_EXIT_CODE, type CliSession } from './cli-session.ts'
import { commandPath } from './command-error.ts'

/** The topic that lists exit codes. */
const EXIT_CODES = 'exit-codes'

/** One exit code with one reason for it. */
interface ExitCodeEntry {
  readonly exitCode: number
  /** Null for the ones that no error gives. */
  readonly errorCode: ErrorCode | null
  readonly meaning: Text
}

/** Returns every exit code of the command line with its meaning, ascending; made from the error registry. */
export function exitCodes(): readonly ExitCodeEntry[] {
  const ofErrors = Object.entries(ERRORS).map(([code, spec]) => ({
    exitCode: spec.exitCode,
    errorCode: isErrorCode(code) ? code : null,
    meaning: spec.hint,
  }))
  const own: readonly ExitCodeEntry[] = [
    {
      exitCode: 0,
      errorCode: null,
      meaning: text(
        '成功。巡检发现问题也是成功:结论在结果里。',
        'Success. An inspection that found problems is a success too: the verdict is in the result.',
      ),
    },
    {
      exitCode: CHECK_FAILED_EXIT_CODE,
      errorCode: null,
      meaning: text(
        '`doctor` 已完成,且至少一项检查失败。',
        '`doctor` finished and at least one check failed.',
      ),
    },
  ]
  return [...own, ...ofErrors].sort((one, other) => one.exitCode - other.exitCode)
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code)

/** Adds `help [words...]`: help of a command, or the topic `exit-codes`. */
export function addHelpCommand(root: Command, session: CliSession): void {
  const { language } = session
  const command = root
    .command('help')
    .summary(
      text(
        '显示命令的帮助;help exit-codes 列出退出码',
        'help on a command; help exit-codes lists the exit codes',
      )[language],
    )
    .argument('[words...]', text('命令,或主题 exit-codes', 'a command, or the topic exit-codes')[language])
  addCommonFlags(command, language, 'language_and_json').action((words: readonly string[]) => {
    if (words.length === 1 && words[0] === EXIT_CODES) printExitCodes(session)
    else commandOf(root, words).outputHelp()
  })
}

function commandOf(root: Command, words: readonly string[]): Command {
  let found = root
  for (const word of words) {
    const next = found.commands.find((command) => command.name() === word)
    if (next === undefined) throw unknownTopic(found, word)
    found = next
  }
  return found
}

function unknownTopic(parent: Command, word: string): AppError {
  const known = [
    ...parent.commands.map((command) => command.name()),
    ...(parent.parent === null ? [EXIT_CODES] : []),
  ]
  return new AppError(
    'INPUT_INVALID',
    text(
      `没有关于 ${JSON.stringify(word)} 的帮助;可用:${known.join('、')}。`,
      `There is no help on ${JSON.stringify(word)}; known are ${known.join(', ')}.`,
    ),
    { details: { found: word, help: `${commandPath(parent)} --help` } },
  )
}

function printExitCodes(session: CliSession): void {
  const { language } = session
  const entries = exitCodes()
  const title = text('退出码', 'Exit codes')
  const head = text('| 退出码 | 错误码 | 含义与处理 |', '| Exit code | Error code | Meaning and what to do |')
  const rows = entries.map(
    (entry) =>
      `| ${entry.exitCode} | ${entry.errorCode ?? ''} | ${pick(entry.meaning, language).replaceAll('|', '\\|')} |`,
  )
  session.printer.result(
    title,
    {
      exit_codes: entries.map((entry) => ({
        exit_code: entry.exitCode,
        error_code: entry.errorCode,
        meaning: pick(entry.meaning, language),
      })),
    },
    [`# ${pick(title, language)}`, '', pick(head, language), '|---:|---|---|', ...rows, ''].join('\n'),
  )
}
