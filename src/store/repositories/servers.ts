import { AppError } from '../../domain/errors.ts'
import type { InventoryServer, Server, ServerChange } from '../../domain/server.ts'
import { text } from '../../domain/text.ts'
import { insertWithId, updateOrInsert } from '../insert-with-id.ts'
import type { ServerIdentity, ServerRepository } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { insertServers } from './insert-servers.ts'
import { detailColumns, serverColumns, toInventoryServer, toServer, toServerRow } from './server-rows.ts'

type Db = RepositoryContext['db']
type Key = { readonly id: string } | ServerIdentity

async function findServer(db: Db, key: Key): Promise<InventoryServer | null> {
  const all = db.selectFrom('server').selectAll()
  const one =
    'id' in key
      ? all.where('id', '=', key.id)
      : all.where('ip', '=', key.ip).where('bk_cloud_id', '=', key.bkCloudId)
  const row = await one.executeTakeFirst()
  if (row === undefined) return null
  const detail = db.selectFrom('server_detail').selectAll().where('server_id', '=', row.id)
  return toInventoryServer(toServer(row), await detail.executeTakeFirst())
}

async function listServers(db: Db): Promise<readonly InventoryServer[]> {
  const rows = await db.selectFrom('server').selectAll().orderBy('ip').orderBy('bk_cloud_id').execute()
  const details = await db.selectFrom('server_detail').selectAll().execute()
  const byServer = new Map(details.map((detail) => [detail.server_id, detail]))
  return rows.map((row) => toInventoryServer(toServer(row), byServer.get(row.id)))
}

async function register(
  { db, nextId }: RepositoryContext,
  server: Omit<Server, 'id'>,
): Promise<InventoryServer> {
  const known = await findServer(db, server)
  if (known !== null) return known
  await insertWithId(nextId, (id) => db.insertInto('server').values(toServerRow(id, server)).execute())
  const stored = await findServer(db, server)
  if (stored !== null) return stored
  throw new AppError(
    'INTERNAL',
    text(`服务器 ${server.ip} 登记后又消失`, `Server ${server.ip} vanished while it was being registered`),
  )
}

async function update(db: Db, id: string, change: ServerChange): Promise<InventoryServer | null> {
  if ((await findServer(db, { id })) === null) return null
  const columns = serverColumns(change)
  if (Object.keys(columns).length > 0)
    await db.updateTable('server').set(columns).where('id', '=', id).execute()
  const details = detailColumns(change)
  if (Object.keys(details).length > 0)
    await updateOrInsert(
      async () => {
        const query = db.updateTable('server_detail').set(details).where('server_id', '=', id)
        return (await query.executeTakeFirstOrThrow()).numUpdatedRows
      },
      () =>
        db
          .insertInto('server_detail')
          .values({ server_id: id, ...details })
          .execute(),
    )
  return await findServer(db, { id })
}

async function remove(db: Db, id: string): Promise<boolean> {
  const removed = await db.deleteFrom('server').where('id', '=', id).executeTakeFirstOrThrow()
  await db.deleteFrom('server_detail').where('server_id', '=', id).execute()
  await db.deleteFrom('metric_reading').where('server_id', '=', id).execute()
  await db.deleteFrom('sudo_refusal').where('server_id', '=', id).execute()
  return removed.numDeletedRows > 0n
}

/** The inventory over one database or transaction. */
export const createServerRepository = (context: RepositoryContext): ServerRepository => {
  const { db } = context
  return {
    list: () => listServers(db),
    find: (identity) => findServer(db, { ip: identity.ip, bkCloudId: identity.bkCloudId }),
    findById: (id) => findServer(db, { id }),
    register: (server) => register(context, server),
    insertMany: (servers) => context.atomically((inside) => insertServers(inside, servers)),
    update: (id, change) => context.atomically((inside) => update(inside.db, id, change)),
    async setEnabled(id, enabled) {
      const change = { enabled: enabled ? 1 : 0 }
      const result = await db.updateTable('server').set(change).where('id', '=', id).executeTakeFirstOrThrow()
      return result.numUpdatedRows > 0n
    },
    remove: (id) => context.atomically((inside) => remove(inside.db, id)),
  }
}
