import type { Language } from '../domain/text.ts'
import type { Thresholds } from '../domain/thresholds.ts'
import type { SecretReference } from './secret.ts'

/** Least level that is logged. */
type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Where our data is: a file of ours, or a MySQL-compatible server. */
export type DatabaseConfig =
  | { readonly kind: 'sqlite' /** Absolute. */; readonly path: string; readonly timeZone: string }
  | {
      readonly kind: 'mysql'
      readonly host: string
      readonly port: number
      readonly user: string
      readonly password: SecretReference
      readonly database: string
      readonly charset: string
      /** Most connections of one process. */
      readonly poolSize: number
      /** IANA name or offset: the zone of the given tables' datetime columns. */
      readonly timeZone: string
    }

/** One key with the value in force and where it came from. */
export interface EffectiveSetting {
  /** With dots, as in the file: `web.port`. */
  readonly keyPath: string
  /** As written or as defaulted; `***` for a secret; null when not set. */
  readonly value: string | number | readonly string[] | null
  /** `default`, `<file>:<line>` or `env <NAME>`. */
  readonly source: string
}

/** The configuration in force: made once at start, frozen, passed as a value. Times are in the unit the name says. */
export interface Config {
  readonly language: Language
  /** IANA name or offset. */
  readonly timeZone: string
  /** Absolute. */
  readonly dataDirectory: string
  readonly log: {
    /** Absolute. */
    readonly directory: string
    readonly level: LogLevel
    readonly maxFileBytes: number
    readonly keptFiles: number
  }
  readonly web: { readonly host: string; readonly port: number; readonly allowedHosts: readonly string[] }
  readonly mcp: {
    readonly host: string
    readonly port: number
    /** Null when no token is configured. */
    readonly token: SecretReference | null
    readonly allowedHosts: readonly string[]
    readonly allowedOrigins: readonly string[]
  }
  readonly database: DatabaseConfig
  readonly thresholds: Thresholds
  /** Cron fields as croner reads them, in `timeZone`; null: turned off. */
  readonly schedules: { readonly metrics: string | null; readonly fullInspection: string | null }
  readonly collection: { readonly concurrency: number; readonly deadlineMs: number }
  readonly retention: { readonly progressEventDays: number }
  /** Every key with its value and source, for `config check`; holds no secret. */
  readonly effective: readonly EffectiveSetting[]
}
