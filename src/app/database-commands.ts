import process from 'node:process'
import { processEnvironment } from '../config/environment.ts'
import { loadConfig } from '../config/load-config.ts'
import { type Language, pick, text } from '../domain/text.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import type { Store } from '../store/repositories.ts'
import { schemaSql } from '../store/schema-sql.ts'
import { openConfiguredStore } from './open-configured-store.ts'

interface Command {
  readonly print: (line: string) => void
  readonly language: Language
}

async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const env = processEnvironment()
  const config = loadConfig({ env, cwd: process.cwd() })
  const store = await openConfiguredStore(config, env, { clock: systemClock, logger: silentLogger })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** `db migrate`: applies what is pending, or prints its SQL for a DBA. */
export async function dbMigrate(
  options: Command & { readonly json: boolean; readonly printSql: boolean },
): Promise<number> {
  return await withStore(async (store) => {
    if (options.printSql) {
      options.print(await store.pendingSql())
      return 0
    }
    const applied = await store.migrate()
    if (options.json) options.print(JSON.stringify({ applied }))
    else if (applied.length === 0)
      options.print(pick(text('没有待执行的迁移', 'Nothing to migrate'), options.language))
    else
      for (const name of applied)
        options.print(pick(text(`已执行 ${name}`, `Applied ${name}`), options.language))
    return 0
  })
}

/** `db status`: what the database is and which migrations it has. Exit code 0 when current, 69 when not. */
export async function dbStatus({
  print,
  language,
  json,
}: Command & { readonly json: boolean }): Promise<number> {
  return await withStore(async (store) => {
    const status = await store.schemaStatus()
    if (json) print(JSON.stringify(status))
    else {
      print(`${status.dialect} ${status.serverVersion}`)
      print(
        pick(
          text(`已执行 ${status.applied.length} 项迁移`, `${status.applied.length} migrations applied`),
          language,
        ),
      )
      for (const name of status.pending) print(pick(text(`待执行 ${name}`, `Pending ${name}`), language))
    }
    return status.pending.length === 0 ? 0 : 69
  })
}

/** `db schema`: the whole DDL, for a DBA where the application has no DDL rights. Needs no database. */
export async function dbSchema({
  print,
  dialect,
}: Command & { readonly dialect: 'mysql' | 'sqlite' }): Promise<number> {
  print(schemaSql(dialect))
  return 0
}
