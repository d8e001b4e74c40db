import { AppError } from '../domain/errors.ts'
import type { InventoryServer } from '../domain/server.ts'
import { text } from '../domain/text.ts'
import type { PipelineContext } from './context.ts'

interface ServerSelection {
  /** Null means every enabled server (of the group). */
  readonly ips: readonly string[] | null
  readonly group: string | null
}

/**
 * Returns the servers of the inventory that a call is about, each once.
 * Throws SERVER_UNKNOWN naming every address that is not in the inventory, or a group without servers.
 */
export async function selectServers(
  context: Pick<PipelineContext, 'store'>,
  selection: ServerSelection,
): Promise<readonly InventoryServer[]> {
  const all = await context.store.servers.list()
  const inGroup = selection.group === null ? all : all.filter((server) => server.group === selection.group)
  if (selection.group !== null && inGroup.length === 0) throw unknownGroup(selection.group, all)
  if (selection.ips === null) return inGroup.filter((server) => server.enabled)
  const wanted = new Set(selection.ips)
  const found = inGroup.filter((server) => wanted.has(server.ip))
  const known = new Set(found.map((server) => server.ip))
  const missing = [...wanted].filter((ip) => !known.has(ip))
  if (missing.length > 0) throw unknownServers(missing, inGroup)
  return found
}

function unknownServers(missing: readonly string[], known: readonly InventoryServer[]): AppError {
  const shown = known.slice(0, 10).map((server) => server.ip)
  const more = known.length > shown.length ? ' …' : ''
  return new AppError(
    'SERVER_UNKNOWN',
    text(
      `ips:清单中没有 ${missing.join(', ')};清单现有 ${known.length} 台:${shown.join(', ')}${more}`,
      `ips: ${missing.join(', ')} not in the inventory; it holds ${known.length}: ${shown.join(', ')}${more}`,
    ),
    { details: { field: 'ips', found: missing, allowed: shown } },
  )
}

function unknownGroup(group: string, all: readonly InventoryServer[]): AppError {
  const groups = [...new Set(all.flatMap((server) => (server.group === null ? [] : [server.group])))].sort()
  return new AppError(
    'SERVER_UNKNOWN',
    text(
      `group:没有名为 ${JSON.stringify(group)} 的分组;现有分组:${groups.join(', ') || '无'}`,
      `group: no group named ${JSON.stringify(group)}; there are: ${groups.join(', ') || 'none'}`,
    ),
    { details: { field: 'group', found: group, allowed: groups } },
  )
}
