import type { Language } from '../domain/text.ts'
import type { ThresholdPolicy } from '../domain/thresholds.ts'
import type { SecretReference } from './secret.ts'

/** Least level that is logged. */
type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** How to log in; what is null is not configured. */
export interface SshCredentialConfig {
  /** Null: `ssh.defaults.user`. */
  readonly user: string | null
  readonly privateKey: SecretReference | null
  readonly passphrase: SecretReference | null
  readonly password: SecretReference | null
  readonly useAgent: boolean
  readonly tryKeyboardInteractive: boolean
}

export interface SshJumpHostConfig {
  readonly host: string
  readonly port: number
  /** Name in `credentials`; null: that of the defaults. */
  readonly credential: string | null
  /** Name in `jumpHosts` of the one before this; null: reached directly. There are no loops. */
  readonly via: string | null
}

/** How servers are reached over SSH. Names that are used are defined. */
export interface SshConfig {
  readonly defaults: {
    readonly user: string | null
    readonly port: number
    readonly credential: string | null
    readonly connectDeadlineMs: number
    readonly loginDeadlineMs: number
    readonly silenceDeadlineMs: number
    readonly commandDeadlineMs: number
    readonly keepAliveMs: number
    readonly maxChannelsPerHost: number
  }
  readonly credentials: ReadonlyMap<string, SshCredentialConfig>
  readonly jumpHosts: ReadonlyMap<string, SshJumpHostConfig>
  readonly concurrency: number
  readonly concurrencyPerJumpHost: number
}

/** Who writes samples; null: as the database was found (`auto`). */
export type MetricsSourceConfig = 'collect' | 'database' | 'both' | null

/** Words of the status columns; `auto`: learned from the newest rows. */
export type StatusWordsConfig =
  | 'auto'
  | { readonly normal: string; readonly warning: string; readonly critical: string }

/** Words of the column report_type; `auto`: learned from the newest rows. */
export type ReportTypeWordsConfig = 'auto' | { readonly daily: string; readonly weekly: string }

/** Where our data is: a file of ours, or a MySQL-compatible server. */
export type DatabaseConfig =
  | {
      readonly kind: 'sqlite' /** Absolute. */
      readonly path: string
      readonly timeZone: string
      readonly statusWords: StatusWordsConfig
      readonly reportTypeWords: ReportTypeWordsConfig
    }
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
      readonly statusWords: StatusWordsConfig
      readonly reportTypeWords: ReportTypeWordsConfig
    }

/** One key with the value in force and where it came from. */
export interface EffectiveSetting {
  /** With dots, as in the file: `web.port`. */
  readonly keyPath: string
  /** As written or as defaulted; `***` for a secret; null when not set. */
  readonly value: string | number | boolean | readonly string[] | null
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
  readonly thresholds: ThresholdPolicy
  /** Cron fields as croner reads them, in `timeZone`; null: turned off. */
  readonly schedules: { readonly metrics: string | null; readonly fullInspection: string | null }
  readonly collection: { readonly concurrency: number; readonly deadlineMs: number }
  readonly ssh: SshConfig
  readonly metrics: {
    readonly source: MetricsSourceConfig
    /** By name of a group; null follows `source`. */
    readonly groups: ReadonlyMap<string, MetricsSourceConfig>
  }
  readonly spool: { readonly maxBytes: number }
  /** `expiryMs` 0: no results are kept. */
  readonly cache: { readonly expiryMs: number; readonly maxBytes: number }
  readonly retention: {
    readonly progressEventDays: number
    /** Of the samples that we wrote. */
    readonly samplesDays: number
    readonly isEnabledInAdopted: boolean
  }
  /** `failuresDirectory`: absolute; null where people have no known failures of their own. */
  readonly knowledge: { readonly failuresDirectory: string | null }
  /** Every key with its value and source, for `config check`; holds no secret. */
  readonly effective: readonly EffectiveSetting[]
}
