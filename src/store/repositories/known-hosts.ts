import type { Selectable } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import type { KnownHost } from '../../domain/known-host.ts'
import { text } from '../../domain/text.ts'
import { duplicateKeyOf } from '../dialects/database-errors.ts'
import type { KnownHostRepository } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'
import type { Tables } from '../tables.ts'

const toKnownHost = (row: Selectable<Tables['known_host']>): KnownHost => ({
  host: row.host,
  port: row.port,
  keyType: row.key_type,
  fingerprint: row.fingerprint,
  firstSeenAt: new Date(row.first_seen),
  lastSeenAt: new Date(row.last_seen),
})

/** Host keys over one database or transaction. */
export const createKnownHostRepository = ({ db }: RepositoryContext): KnownHostRepository => {
  const find = async (host: string, port: number): Promise<KnownHost | null> => {
    const query = db.selectFrom('known_host').selectAll().where('host', '=', host).where('port', '=', port)
    const row = await query.executeTakeFirst()
    return row === undefined ? null : toKnownHost(row)
  }
  return {
    find,
    async list() {
      const rows = await db.selectFrom('known_host').selectAll().orderBy('host').orderBy('port').execute()
      return rows.map(toKnownHost)
    },
    async record({ host, port, keyType, fingerprint, at }) {
      const seen = at.getTime()
      const row = { host, port, key_type: keyType, fingerprint, first_seen: seen, last_seen: seen }
      if ((await find(host, port)) === null)
        try {
          await db.insertInto('known_host').values(row).execute()
        } catch (error) {
          // Another process met it first; its record counts.
          if (duplicateKeyOf(error) === null) throw error
        }
      await db
        .updateTable('known_host')
        .set({ last_seen: seen })
        .where('host', '=', host)
        .where('port', '=', port)
        .where('key_type', '=', keyType)
        .where('fingerprint', '=', fingerprint)
        .where('last_seen', '<', seen)
        .execute()
      const stored = await find(host, port)
      if (stored !== null) return stored
      throw new AppError(
        'INTERNAL',
        text(
          `主机 ${host}:${port} 的密钥记录后又消失`,
          `The key of ${host}:${port} vanished while it was recorded`,
        ),
      )
    },
    async forget(host, port) {
      const query = db.deleteFrom('known_host').where('host', '=', host).where('port', '=', port)
      return (await query.executeTakeFirstOrThrow()).numDeletedRows > 0n
    },
  }
}
