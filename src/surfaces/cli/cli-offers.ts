import type { Command } from 'commander'
import type { AnyOperation } from '../../services/service-definition.ts'
import { addOperationCommands, createRoot } from './command-tree.ts'

/**
 * Returns the names of the operations that the command line reaches by their own command words, in the order of the
 * commands. Throws Error where a definition cannot become a command.
 */
export function cliOffers(operations: ReadonlyMap<string, AnyOperation>): string[] {
  const root = createRoot()
  const leaves = addOperationCommands(root, operations, 'zh', {
    onCall: async () => undefined,
    readStdin: async () => Buffer.alloc(0),
  })
  return commandsUnder(root).flatMap((command) => leaves.get(command)?.name ?? [])
}

const commandsUnder = (command: Command): Command[] =>
  command.commands.flatMap((child) => [child, ...commandsUnder(child)])
