import { Command, type CommanderError } from 'commander'
import type { Language } from '../../domain/text.ts'
import type { AnyOperation } from '../../services/service-definition.ts'
import { addCommonFlags } from './cli-flags.ts'
import { buildOperationCommand, type OperationHost } from './operation-command.ts'

/** Name of the program. */
const PROGRAM = 'smart-ops'

/** Returns a new command for the words; the groups before the last word are made where they are missing. */
export type CommandFor = (words: readonly string[]) => Command

/** Returns the root of a command tree that never ends the process and suggests what may have been meant. */
export function createRoot(): Command {
  return new Command(PROGRAM)
    .helpCommand(false)
    .enablePositionalOptions()
    .allowExcessArguments(false)
    .showSuggestionAfterError(true)
    .exitOverride((error: CommanderError) => {
      throw error
    })
}

/**
 * Returns a new command for the words under the root, making the groups before the last word. Throws Error when the
 * words are taken already: two definitions that want the same command.
 */
export function commandFor(
  root: Command,
  words: readonly string[],
  language: Language,
  { isDefault = false }: { readonly isDefault?: boolean } = {},
): Command {
  const last = words.at(-1)
  if (last === undefined) throw new Error('a command needs at least one word')
  const group = words
    .slice(0, -1)
    .reduce((parent, word) => childOf(parent, word) ?? addGroup(parent, word, language), root)
  const name = words.join(' ')
  if (childOf(group, last) !== undefined) throw new Error(`the command ${name} is taken twice`)
  if (group.registeredArguments.length > 0)
    throw new Error(`the command ${name} stands under one that takes arguments`)
  return group.command(last, { isDefault })
}

const childOf = (parent: Command, word: string): Command | undefined =>
  parent.commands.find((command) => command.name() === word)

const addGroup = (parent: Command, word: string, language: Language): Command =>
  addCommonFlags(parent.command(word).helpCommand(false), language)

/** Adds one command per operation in registry order. Returns which operation each leaf command calls. */
export function addOperationCommands(
  root: Command,
  operations: ReadonlyMap<string, AnyOperation>,
  language: Language,
  host: OperationHost,
): ReadonlyMap<Command, AnyOperation> {
  const leaves = new Map<Command, AnyOperation>()
  for (const operation of operations.values()) {
    const isDefault = operation.commandLine?.isDefault ?? false
    const command = commandFor(root, operation.command, language, { isDefault })
    buildOperationCommand(command, operation, language, host)
    if (isDefault) answerForGroup(command)
    addCommonFlags(command, language)
    leaves.set(command, operation)
  }
  return leaves
}

const COMMON_OPTIONS = new Set(['json', 'lang', 'quiet'])

/** Lets the default command of a group answer like the group where that was meant: with its help, or that it knows no such command. */
function answerForGroup(command: Command): void {
  command.allowExcessArguments(true).hook('preAction', () => {
    const group = command.parent
    const [word] = command.args
    if (group === null) return
    const isNamed = group.args[0] === command.name()
    if (word !== undefined && isNamed)
      command.error('error: too many arguments', { code: 'commander.excessArguments' })
    else if (word !== undefined)
      group.error(`error: unknown command '${word}'`, { code: 'commander.unknownCommand' })
    const saysNothing = Object.keys(command.opts()).every((name) => COMMON_OPTIONS.has(name))
    if (saysNothing && !isNamed) group.help()
  })
}

/** Gives every group without a summary the names of what stands under it. */
export function summariseGroups(command: Command): void {
  for (const child of command.commands) {
    summariseGroups(child)
    if (child.summary() === '' && child.commands.length > 0)
      child.summary(child.commands.map((one) => one.name()).join(', '))
  }
}
