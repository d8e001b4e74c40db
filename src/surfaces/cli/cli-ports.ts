import type { Actor } from '../../domain/actor.ts'
import type { Language } from '../../domain/text.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Door } from '../../services/call.ts'
import type { AnyOperation } from '../../services/service-definition.ts'

/** Where results go. A broken pipe (`| head`) shows itself as a thrown error with the code EPIPE. */
export interface StandardOutput {
  write(text: string): void
  readonly isTTY: boolean
  /** Width of the terminal in cells; 80 where it is not known. */
  readonly columns: number
}

/** Where progress and errors go. */
export interface StandardError {
  write(text: string): void
  readonly isTTY: boolean
}

/** The door with everything behind it; `close` must be called exactly once. */
interface OpenedDoor {
  readonly door: Door
  readonly actor: Actor
  close(): Promise<void>
}

/** The commands that run a process or look after the installation. Each prints for itself and resolves to its exit code. */
export interface ProcessCommands {
  up(): Promise<number>
  web(): Promise<number>
  mcp(options: { readonly stdio: boolean }): Promise<number>
  dbMigrate(options: { readonly print: boolean; readonly json: boolean }): Promise<number>
  dbStatus(options: { readonly json: boolean }): Promise<number>
  dbSchema(options: { readonly dialect: SqlDialect }): Promise<number>
  configCheck(options: { readonly json: boolean }): Promise<number>
  /** Reads the secret from standard input. */
  configSecret(options: { readonly name: string }): Promise<number>
}

/** The dialects that `db schema` can print. */
export const SQL_DIALECTS = ['mysql', 'sqlite'] as const
export type SqlDialect = (typeof SQL_DIALECTS)[number]

/** Everything the command line needs from the world. */
export interface CliPorts {
  readonly stdout: StandardOutput
  readonly stderr: StandardError
  /** Returns the whole of standard input. Throws RangeError when it is far more than any input may be. */
  readStdin(): Promise<Buffer>
  /** Language when `--lang` is not given. */
  readonly language: Language
  /** IANA name, for the `timestamp` of envelopes that the command line makes itself. */
  readonly timeZone: string
  readonly version: string
  /** What commands and help are made from; needs no database. */
  readonly operations: ReadonlyMap<string, AnyOperation>
  /**
   * Opens the door, database and all; called only when an operation is. With `tolerateStoreFailure` a database
   * that cannot be opened is no error: `doctor` reports it.
   */
  openDoor(options: { readonly tolerateStoreFailure: boolean }): Promise<OpenedDoor>
  /** Aborted on SIGINT and SIGTERM. */
  readonly signal: AbortSignal
  readonly processes: ProcessCommands
  /** Default: the machine's clock. */
  readonly clock?: Clock
  /** Whether terminals show colours. Default: what the environment says (NO_COLOR, TERM). A pipe is never coloured. */
  readonly color?: boolean
}
