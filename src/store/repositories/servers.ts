import type { Selectable } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import type { Server, TransportKind } from '../../domain/server.ts'
import { text } from '../../domain/text.ts'
import { insertWithId } from '../insert-with-id.ts'
import type { ServerRepository } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { storedDataInvalid } from '../stored-json.ts'
import type { Tables } from '../tables.ts'

const isTransport = (word: string): word is TransportKind => word === 'local' || word === 'ssh'

function toServer(row: Selectable<Tables['server']>): Server {
  if (!isTransport(row.transport))
    throw storedDataInvalid(
      { table: 'server', id: row.id, column: 'transport' },
      `unknown word ${row.transport}`,
    )
  return {
    id: row.id,
    bkCloudId: row.bk_cloud_id,
    ip: row.ip,
    name: row.name,
    transport: row.transport,
    group: row.server_group,
    enabled: row.enabled !== 0,
    registeredAt: new Date(row.registered_at),
  }
}

/** The inventory over one database or transaction. */
export const createServerRepository = ({ db, nextId }: RepositoryContext): ServerRepository => ({
  async list() {
    const rows = await db.selectFrom('server').selectAll().orderBy('ip').orderBy('bk_cloud_id').execute()
    return rows.map(toServer)
  },
  async register(server) {
    const find = () =>
      db
        .selectFrom('server')
        .selectAll()
        .where('bk_cloud_id', '=', server.bkCloudId)
        .where('ip', '=', server.ip)
        .executeTakeFirst()
    const known = await find()
    if (known !== undefined) return toServer(known)
    const row = {
      bk_cloud_id: server.bkCloudId,
      ip: server.ip,
      name: server.name,
      transport: server.transport,
      server_group: server.group,
      enabled: server.enabled ? 1 : 0,
      registered_at: server.registeredAt.getTime(),
    }
    await insertWithId(nextId, (id) =>
      db
        .insertInto('server')
        .values({ id, ...row })
        .execute(),
    )
    const stored = await find()
    if (stored !== undefined) return toServer(stored)
    throw new AppError(
      'INTERNAL',
      text(`服务器 ${server.ip} 登记后又消失`, `Server ${server.ip} vanished while it was being registered`),
    )
  },
})
