export { cliOffers } from './cli-offers.ts'
export type {
  CliPorts,
  OpenedDoor,
  ProcessCommands,
  SqlDialect,
  StandardError,
  StandardOutput,
} from './cli-ports.ts'
export { type Cli, createCli, runCli } from './create-cli.ts'
export { type ExitCodeEntry, exitCodes } from './help-topic.ts'
export { standardOutput } from './standard-output.ts'
