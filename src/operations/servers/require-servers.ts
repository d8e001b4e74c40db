import { AppError } from '../../domain/errors.ts'
import { type InventoryServer, serverKey } from '../../domain/server.ts'
import { text } from '../../domain/text.ts'
import { canonicalIp } from '../../lib/net/canonical-ip.ts'
import type { ServiceContext } from '../../services/context.ts'

/** Addresses that the sentence of an error names; its details hold all. */
const SHOWN = 10

/**
 * Returns the servers of the inventory with these addresses in the cloud area, each once, in the order given.
 * Throws SERVER_UNKNOWN naming those that are not there.
 */
export async function requireServers(
  context: Pick<ServiceContext, 'store'>,
  ips: readonly string[],
  bkCloudId: number,
): Promise<readonly InventoryServer[]> {
  const all = await context.store.servers.list()
  const byKey = new Map(all.map((server) => [serverKey(server.bkCloudId, server.ip), server]))
  const found = new Map<string, InventoryServer>()
  const missing: string[] = []
  for (const ip of ips) {
    const server = byKey.get(serverKey(bkCloudId, ip)) ?? byKey.get(serverKey(bkCloudId, canonicalIp(ip)))
    if (server === undefined) missing.push(ip)
    else found.set(server.id, server)
  }
  return missing.length === 0
    ? [...found.values()]
    : await refuseUnknown(missing, bkCloudId, context.store.servers)
}

/** Throws SERVER_UNKNOWN for addresses that the inventory does not hold in the cloud area. */
export async function refuseUnknown(
  missing: readonly string[],
  bkCloudId: number,
  inventory: Pick<ServiceContext['store']['servers'], 'list'>,
): Promise<never> {
  const shown = missing.slice(0, SHOWN).join(', ') + (missing.length > SHOWN ? ' …' : '')
  const size = (await inventory.list()).length
  throw new AppError(
    'SERVER_UNKNOWN',
    text(
      `清单的云区域 ${bkCloudId} 中没有 ${shown}(共 ${missing.length} 个);清单现有 ${size} 台`,
      `${shown} not in cloud area ${bkCloudId} of the inventory (${missing.length} in all); it holds ${size} servers`,
    ),
    { details: { found: missing, bk_cloud_id: bkCloudId } },
  )
}
