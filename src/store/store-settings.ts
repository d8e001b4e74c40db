import type { ReportTypeWords } from './report-type-words.ts'
import type { StatusWords } from './status-words.ts'

/** Where the embedded database lies. */
export interface SqliteSettings {
  readonly kind: 'sqlite'
  /** File; its folder is created (0700) when absent, and so is the file (0600). */
  readonly path: string
  /** IANA zone of the datetime columns of the three given tables. */
  readonly timeZone: string
  /** Words written into the status columns; `auto` (the default) learns them from the newest rows. */
  readonly statusWords?: StatusWords | 'auto'
  /** Words written into the column report_type; `auto` (the default) learns them from the newest rows. */
  readonly reportTypeWords?: ReportTypeWords | 'auto'
}

/** Where a MySQL or MariaDB server is and how to log in to it. */
export interface MysqlSettings {
  readonly kind: 'mysql'
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  /** Character set of the connection, `utf8mb4` unless there is a reason. */
  readonly charset: string
  /** Connections kept at most. */
  readonly poolSize: number
  /** IANA zone of the datetime columns of the three given tables. */
  readonly timeZone: string
  /** Words written into the status columns; `auto` (the default) learns them from the newest rows. */
  readonly statusWords?: StatusWords | 'auto'
  /** Words written into the column report_type; `auto` (the default) learns them from the newest rows. */
  readonly reportTypeWords?: ReportTypeWords | 'auto'
}

export type StoreSettings = SqliteSettings | MysqlSettings

/** The two families of SQL that the store speaks; MariaDB speaks `mysql`. */
export type DialectName = StoreSettings['kind']
