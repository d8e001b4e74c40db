import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import type { Environment } from '../config/environment.ts'
import { resolveSecret } from '../config/resolve-secret.ts'
import { AppError } from '../domain/errors.ts'
import { text } from '../domain/text.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/repositories.ts'
import type { StoreSettings } from '../store/store-settings.ts'

/** Returns the open database that the configuration names. Throws DATABASE_UNAVAILABLE, DATABASE_REFUSED or SECRET_UNREADABLE. */
export async function openConfiguredStore(
  config: Config,
  env: Environment,
  ports: { readonly clock: Clock; readonly logger: Logger },
): Promise<Store> {
  return await openStore(await storeSettings(config, env), ports)
}

async function storeSettings({ database }: Config, env: Environment): Promise<StoreSettings> {
  if (database.kind === 'sqlite') return database
  const password = await resolveSecret(database.password, { env, reader: null, box: null })
  return { ...database, password: password.reveal() }
}

/** Throws SCHEMA_OUTDATED naming what is pending, unless the schema is current. */
export async function requireSchema(store: Store): Promise<void> {
  const { pending } = await store.schemaStatus()
  if (pending.length === 0) return
  const sentence = text(
    `数据库表结构不是最新的,待执行 ${pending.length} 项:${pending.join(', ')}`,
    `the database schema is not current; ${pending.length} pending: ${pending.join(', ')}`,
  )
  throw new AppError('SCHEMA_OUTDATED', sentence, { details: { pending } })
}

const SCHEMA_POLL_MS = 250

/** Waits until another process has migrated; throws SCHEMA_OUTDATED when it has not within the time. */
export async function waitForSchema(store: Store, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const endsAt = performance.now() + timeoutMs
  while ((await store.schemaStatus()).pending.length > 0 && performance.now() < endsAt)
    await sleep(SCHEMA_POLL_MS, undefined, { signal })
  await requireSchema(store)
}
