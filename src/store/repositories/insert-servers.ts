import { AppError } from '../../domain/errors.ts'
import { type InventoryServer, serverKey } from '../../domain/server.ts'
import { text } from '../../domain/text.ts'
import { insertWithId } from '../insert-with-id.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { toDetailRow, toServerRow } from './server-rows.ts'

/** Rows in one statement: 15 columns at most, below SQLite's 32,766 parameters and MySQL's packet. */
const ROWS_PER_STATEMENT = 500
/** Pairs that the sentence of an error names; its details hold all. */
const PAIRS_SHOWN = 5

type NewServer = Omit<InventoryServer, 'id'>

interface Duplicate {
  readonly bkCloudId: number
  readonly ip: string
  /** Name of the one that is to be added, and of the one that it meets. */
  readonly name: string
  readonly otherName: string
  /** Id of the one in the inventory; null when both are to be added. */
  readonly serverId: string | null
}

const slicesOf = <T>(values: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(values.length / ROWS_PER_STATEMENT) }, (_, at) =>
    values.slice(at * ROWS_PER_STATEMENT, (at + 1) * ROWS_PER_STATEMENT),
  )

async function findDuplicates(
  db: RepositoryContext['db'],
  servers: readonly NewServer[],
): Promise<readonly Duplicate[]> {
  const met = new Map<string, { readonly name: string; readonly id: string | null }>()
  for (const slice of slicesOf([...new Set(servers.map(({ ip }) => ip))])) {
    const query = db.selectFrom('server').select(['id', 'name', 'ip', 'bk_cloud_id']).where('ip', 'in', slice)
    for (const row of await query.execute()) met.set(serverKey(row.bk_cloud_id, row.ip), row)
  }
  const duplicates: Duplicate[] = []
  for (const { bkCloudId, ip, name } of servers) {
    const key = serverKey(bkCloudId, ip)
    const other = met.get(key)
    if (other === undefined) met.set(key, { name, id: null })
    else duplicates.push({ bkCloudId, ip, name, otherName: other.name, serverId: other.id })
  }
  return duplicates
}

function serverExists(duplicates: readonly Duplicate[]): AppError {
  // A transaction of MySQL may not see what another one has added since it began, although the key is taken.
  if (duplicates.length === 0)
    return new AppError(
      'SERVER_EXISTS',
      text(
        '另一进程刚刚添加了其中的服务器;一台也没有添加,请重试以查看是哪些',
        'another process has just added some of these servers; none was added here, try again to see which',
      ),
    )
  const shown = duplicates.slice(0, PAIRS_SHOWN)
  const rest = duplicates.length - shown.length
  const zh = shown.map(({ bkCloudId, ip, name, otherName, serverId }) =>
    serverId === null
      ? `${ip}(云区域 ${bkCloudId})给出两次:${otherName} 与 ${name}`
      : `${ip}(云区域 ${bkCloudId},${name})已在清单中,名称 ${otherName},编号 ${serverId}`,
  )
  const en = shown.map(({ bkCloudId, ip, name, otherName, serverId }) =>
    serverId === null
      ? `${ip} (cloud area ${bkCloudId}) is given twice: ${otherName} and ${name}`
      : `${ip} (cloud area ${bkCloudId}, ${name}) is in the inventory already as ${otherName}, id ${serverId}`,
  )
  return new AppError(
    'SERVER_EXISTS',
    text(
      zh.join(';') + (rest > 0 ? `;另有 ${rest} 处重复` : ''),
      en.join('; ') + (rest > 0 ? `; and ${rest} more` : ''),
    ),
    { details: { duplicates } },
  )
}

/** Adds servers within the transaction of the context; see {@link ServerRepository.insertMany}. */
export async function insertServers(
  { db, nextId }: RepositoryContext,
  servers: readonly NewServer[],
): Promise<readonly InventoryServer[]> {
  const duplicates = await findDuplicates(db, servers)
  if (duplicates.length > 0) throw serverExists(duplicates)
  const stored: InventoryServer[] = []
  for (const slice of slicesOf(servers)) {
    let added: InventoryServer[] = []
    const firstId = await insertWithId(nextId, async (id) => {
      added = []
      for (const server of slice) added.push({ ...server, id: added.length === 0 ? id : await nextId() })
      const rows = added.map((server) => toServerRow(server.id, server))
      await db.insertInto('server').values(rows).execute()
    })
    // Another process added one of them since they were looked for.
    if (firstId === null) throw serverExists(await findDuplicates(db, slice))
    await db
      .insertInto('server_detail')
      .values(added.map((server) => toDetailRow(server.id, server)))
      .execute()
    stored.push(...added)
  }
  return stored
}
