import type { Command, CommanderError } from 'commander'
import { AppError } from '../../domain/errors.ts'
import { type Text, text } from '../../domain/text.ts'

/** Codes with which commander ends after it has shown what was asked for. */
const SHOWN_CODES = new Set(['commander.helpDisplayed', 'commander.help', 'commander.version'])

/** Returns true when the "error" only says that help or the version was shown. */
export const isShown = (error: CommanderError): boolean => SHOWN_CODES.has(error.code)

/** Returns the command as a person types it, for example `smart-ops inspect system`. */
export function commandPath(command: Command): string {
  return command.parent === null ? command.name() : `${commandPath(command.parent)} ${command.name()}`
}

/**
 * Returns commander's complaint about a command line as an AppError INPUT_INVALID in both languages. The parts come
 * from commander 15's sentences, which quote what was found and end in `(Did you mean …?)`.
 */
export function usageError(command: Command, error: CommanderError): AppError {
  const sentence = sentenceOf(command, error)
  const suggestion = /\(Did you mean (?:one of )?([^?]+)\?\)/.exec(error.message)?.[1] ?? null
  const whole =
    suggestion === null
      ? sentence
      : text(`${sentence.zh}是否想输入 ${suggestion}?`, `${sentence.en} Did you mean ${suggestion}?`)
  return new AppError('INPUT_INVALID', whole, {
    cause: error,
    details: {
      help: `${commandPath(command)} --help`,
      found: command.args.join(' ') || quoted(error.message),
      ...(suggestion === null ? {} : { suggestion }),
    },
  })
}

const quoted = (message: string): string => /'([^']*)'/.exec(message)?.[1] ?? ''

function sentenceOf(command: Command, error: CommanderError): Text {
  const found = quoted(error.message)
  switch (error.code) {
    case 'commander.unknownOption':
      return text(`未知选项 ${found}。`, `Unknown option ${found}.`)
    case 'commander.unknownCommand': {
      const known = command.commands.map((one) => one.name())
      return text(
        `未知命令 ${JSON.stringify(found)};可用:${known.join('、')}。`,
        `Unknown command ${JSON.stringify(found)}; known are ${known.join(', ')}.`,
      )
    }
    case 'commander.missingArgument':
      return text(`缺少参数 <${found}>。`, `The argument <${found}> is missing.`)
    case 'commander.optionMissingArgument':
      return text(`选项 ${found} 缺少值。`, `Option ${found} needs a value.`)
    case 'commander.excessArguments': {
      const allowed = command.registeredArguments.length
      const surplus = command.args.slice(allowed).map((word) => JSON.stringify(word))
      return text(
        `多余的参数:${surplus.join('、')}(此命令接受 ${allowed} 个参数)。`,
        `Too many arguments: ${surplus.join(', ')} (this command takes ${allowed}).`,
      )
    }
    default:
      return text(`命令行无效:${error.message}`, `Invalid command line: ${error.message}`)
  }
}
