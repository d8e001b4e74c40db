import {
  errorAt,
  type InventoryProblem,
  type ParsedInventory,
} from '../../../collect/inventory/parsed-inventory.ts'
import type { ConnectionNames } from '../../../domain/connection-names.ts'
import {
  type InventoryServer,
  type ServerChange,
  type ServerDraft,
  serverKey,
} from '../../../domain/server.ts'
import { text } from '../../../domain/text.ts'
import { thresholdsCell, windowsCell } from '../inventory-cells.ts'
import { readDraft } from './read-draft.ts'

/** What to do with a server that is in the inventory already. */
export const ON_EXISTING = ['update', 'skip', 'refuse'] as const
export type OnExisting = (typeof ON_EXISTING)[number]

/** One value of a server that an import would change. */
interface FieldChange {
  readonly field: string
  readonly before: string
  readonly after: string
}

/** A server of the inventory that the file says something else of. */
export interface PlannedChange {
  readonly line: number
  readonly server: InventoryServer
  readonly change: ServerChange
  readonly fields: readonly FieldChange[]
}

/** A server that stands in the file more than once. */
interface DuplicateServer {
  readonly bkCloudId: number
  readonly ip: string
  /** The first counts where broken rows are left out. */
  readonly lines: readonly number[]
}

/** What an import would do. */
export interface ImportPlan {
  readonly toAdd: readonly { readonly line: number; readonly draft: ServerDraft }[]
  readonly toChange: readonly PlannedChange[]
  readonly unchanged: readonly InventoryServer[]
  /** Servers that are in the inventory and stay as they are because of `on_existing`. */
  readonly skipped: readonly InventoryServer[]
  readonly duplicates: readonly DuplicateServer[]
  readonly problems: readonly InventoryProblem[]
}

/** Returns a value as people compare it; nothing is the empty text. */
const shownValue = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  return Array.isArray(value) ? value.join(',') : String(value)
}

/** Returns the fields of a server, or of a part of it, as people compare them; those with parts as a cell shows them. */
function shownFields(fields: ServerChange): ReadonlyMap<string, string> {
  const { maintenanceWindows, thresholds, ...plain } = fields
  return new Map([
    ...Object.entries(plain).map(([name, value]) => [name, shownValue(value)] as const),
    ...(maintenanceWindows === undefined
      ? []
      : [['maintenanceWindows', windowsCell(maintenanceWindows)] as const]),
    ...(thresholds === undefined ? [] : [['thresholds', thresholdsCell(thresholds)] as const]),
  ])
}

/** Returns the changes that a draft means for a server: fields of the draft with another value. Empty cells change nothing. */
function changesOf(server: InventoryServer, draft: ServerDraft): Pick<PlannedChange, 'change' | 'fields'> {
  const { bkCloudId: _area, ip: _ip, ...given } = draft
  const before = shownFields(server)
  const after = shownFields(given)
  const isDifferent = (field: string): boolean => (after.get(field) ?? '') !== (before.get(field) ?? '')
  const differing = Object.entries(given).filter(([field]) => isDifferent(field))
  return {
    change: Object.fromEntries(differing),
    fields: differing.map(([field]) => ({
      field: field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      before: before.get(field) ?? '',
      after: after.get(field) ?? '',
    })),
  }
}

const listedTwice = (line: number, ip: string, first: number): InventoryProblem =>
  errorAt(
    { line, field: 'ip' },
    ip,
    text(`每台服务器一行;第 ${first} 行已有`, `one line a server; line ${first} has it already`),
  )

const existsAlready = (line: number, ip: string): InventoryProblem =>
  errorAt(
    { line, field: 'ip' },
    ip,
    text(
      '不在清单中的服务器(on_existing=refuse)',
      'a server that is not in the inventory (on_existing=refuse)',
    ),
  )

/** Returns what importing the file would do to the inventory. Changes nothing. */
export function planImport(
  parsed: ParsedInventory,
  inventory: readonly InventoryServer[],
  { onExisting, names }: { readonly onExisting: OnExisting; readonly names: ConnectionNames },
): ImportPlan {
  const known = new Map(inventory.map((server) => [serverKey(server.bkCloudId, server.ip), server]))
  const seen = new Map<
    string,
    { readonly bkCloudId: number; readonly ip: string; readonly lines: number[] }
  >()
  const problems: InventoryProblem[] = [...parsed.problems]
  const toAdd: { line: number; draft: ServerDraft }[] = []
  const toChange: PlannedChange[] = []
  const unchanged: InventoryServer[] = []
  const skipped: InventoryServer[] = []
  for (const row of parsed.rows) {
    const read = readDraft(row, names)
    if ('problems' in read) {
      problems.push(...read.problems)
      continue
    }
    const { draft, line } = read
    const key = serverKey(draft.bkCloudId, draft.ip)
    const earlier = seen.get(key)
    if (earlier !== undefined) {
      problems.push(listedTwice(line, draft.ip, earlier.lines[0] ?? line))
      earlier.lines.push(line)
      continue
    }
    seen.set(key, { bkCloudId: draft.bkCloudId, ip: draft.ip, lines: [line] })
    const server = known.get(key)
    if (server === undefined) {
      toAdd.push({ line, draft })
      continue
    }
    const { change, fields } = changesOf(server, draft)
    if (onExisting === 'refuse') problems.push(existsAlready(line, draft.ip))
    else if (fields.length === 0) unchanged.push(server)
    else if (onExisting === 'skip') skipped.push(server)
    else toChange.push({ line, server, change, fields })
  }
  return {
    toAdd,
    toChange,
    unchanged,
    skipped,
    duplicates: [...seen.values()].filter(({ lines }) => lines.length > 1),
    problems: problems.sort((one, other) => (one.line ?? 0) - (other.line ?? 0)),
  }
}
