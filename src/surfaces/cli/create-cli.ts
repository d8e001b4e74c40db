import { type Command, CommanderError } from 'commander'
import { pick, text } from '../../domain/text.ts'
import { addCommonFlags, type CliFlags, readFlags } from './cli-flags.ts'
import type { CliPorts } from './cli-ports.ts'
import { type CliSession, callOperation, untilAborted } from './cli-session.ts'
import { isShown, usageError } from './command-error.ts'
import { addOperationCommands, commandFor, createRoot, summariseGroups } from './command-tree.ts'
import { helpLayout } from './help-layout.ts'
import { addHelpCommand } from './help-topic.ts'
import { createPrinter } from './printer.ts'
import { addProcessCommands } from './process-commands.ts'
import { addServicesCommands } from './services-command.ts'

/** The command line, ready to run once. */
interface Cli {
  /** The command tree, for help and documentation. */
  readonly program: Command
  /** Runs the words (without `node` and the script) and returns the exit code. Never throws for a wrong command line. */
  run(argv: readonly string[]): Promise<number>
}

/** Returns the command line made from the registries. Without `flags`: the ports' language, output for a person. */
export function createCli(
  ports: CliPorts,
  flags: CliFlags = { language: ports.language, json: false, quiet: false },
): Cli {
  const session: CliSession = {
    ports,
    flags,
    printer: createPrinter(ports, flags),
    language: flags.language,
    exitCode: 0,
  }
  const program = buildProgram(session)
  return { program, run: (argv) => runProgram(program, session, argv) }
}

/**
 * Runs the words (without `node` and the script) with the flags found in them and returns the exit code; see
 * `smart-ops help exit-codes`. Never ends the process.
 */
export async function runCli(argv: readonly string[], ports: CliPorts): Promise<number> {
  const { flags, error } = readFlags(argv, ports.language)
  return error === null ? createCli(ports, flags).run(argv) : createPrinter(ports, flags).error(error)
}

function buildProgram(session: CliSession): Command {
  const { ports, language, printer } = session
  const root = createRoot()
    .description(
      text('智能运维硬件巡检监控系统', 'Hardware inspection and monitoring of server fleets')[language],
    )
    .configureHelp(helpLayout(language, printer.paint))
    .configureOutput({
      writeOut: (value) => printer.plain(value),
      // What commander says about a wrong command line is said again in the person's language; see runProgram.
      writeErr: () => undefined,
      getOutHelpWidth: () => printer.columns,
      getErrHelpWidth: () => printer.columns,
      getOutHasColors: () => true,
      getErrHasColors: () => true,
    })
    .addHelpText('after', () => `\n${helpFooter(session)}\n`)
  root.version(ports.version, '-V, --version', text('显示版本', 'show the version')[language])
  addCommonFlags(root, language)
  addOperationCommands(root, ports.operations, language, {
    onCall: (operation, input, options) => callOperation(session, operation, input, options),
    readStdin: () => untilAborted(ports.readStdin(), ports.signal),
  })
  const makeCommand = (words: readonly string[]): Command => commandFor(root, words, language)
  addServicesCommands(makeCommand, session)
  addProcessCommands(makeCommand, session)
  addHelpCommand(root, session)
  summariseGroups(root)
  overrideExits(root)
  return root
}

const helpFooter = (session: CliSession): string =>
  pick(
    text(
      '某个命令的帮助:smart-ops help 命令;退出码:smart-ops help exit-codes。',
      'Help on a command: smart-ops help COMMAND; exit codes: smart-ops help exit-codes.',
    ),
    session.language,
  )

/** Lets every command end with what is wrong in the person's language, told from that command's point of view. */
function overrideExits(command: Command): void {
  command.exitOverride((error) => {
    if (!isShown(error)) throw usageError(command, error)
    // A group without a subcommand: commander shows its help as an error, here it is the answer.
    if (error.exitCode !== 0) command.outputHelp()
    throw error
  })
  for (const child of command.commands) overrideExits(child)
}

async function runProgram(program: Command, session: CliSession, argv: readonly string[]): Promise<number> {
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return session.exitCode
  } catch (error) {
    if (error instanceof CommanderError && isShown(error)) return 0
    return session.printer.error(error)
  }
}
