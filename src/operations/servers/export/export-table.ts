import iconv from 'iconv-lite'
import writeXlsxFile from 'write-excel-file/node'
import { stringify } from 'yaml'
import {
  chineseColumn,
  INVENTORY_FIELDS,
  type InventoryField,
} from '../../../collect/inventory/inventory-fields.ts'
import { guardFormula } from '../../../collect/inventory/plain-value.ts'
import type { InventoryServer } from '../../../domain/server.ts'
import type { Language } from '../../../domain/text.ts'

import { thresholdsCell, toThresholdsInput, toWindowInput, windowsCell } from '../inventory-cells.ts'

/** Formats that are written. */
export const EXPORT_FORMATS = ['csv', 'xlsx', 'yaml'] as const

/** Encodings of an exported CSV: the first opens in spreadsheet programs, the second in older Chinese ones. */
export const EXPORT_ENCODINGS = ['utf-8-bom', 'gb18030'] as const

const listText = (value: string | number | null): string => (value === null ? '' : String(value))

/** Returns the fields of a server as texts; nothing is the empty text. */
function fieldTexts(server: InventoryServer): Readonly<Record<InventoryField, string>> {
  return {
    bk_cloud_id: String(server.bkCloudId),
    ip: server.ip,
    name: server.name,
    port: listText(server.port),
    credential: listText(server.credential),
    jump_host: listText(server.jumpHost),
    group: listText(server.group),
    tags: server.tags.join(','),
    os: listText(server.os),
    role: listText(server.role),
    owner: listText(server.owner),
    serial_number: listText(server.serialNumber),
    rack: listText(server.rack),
    rack_unit: listText(server.rackUnit),
    warranty_end_day: listText(server.warrantyEndDay),
    note: listText(server.note),
    enabled: String(server.enabled),
    transport: server.transport,
    maintenance_windows: windowsCell(server.maintenanceWindows),
    thresholds: thresholdsCell(server.thresholds),
  }
}

/** Returns the table, header first; cells that a spreadsheet program would take for formulas are made harmless. */
function tableOf(servers: readonly InventoryServer[], language: Language): readonly (readonly string[])[] {
  const header = INVENTORY_FIELDS.map((field) => (language === 'zh' ? chineseColumn(field) : field))
  return [
    header,
    ...servers.map((server) => {
      const texts = fieldTexts(server)
      return INVENTORY_FIELDS.map((field) => guardFormula(texts[field]))
    }),
  ]
}

const quoteCell = (cell: string): string =>
  /[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

/** Returns the servers as CSV (RFC 4180, CRLF). */
export function exportCsv(
  servers: readonly InventoryServer[],
  encoding: (typeof EXPORT_ENCODINGS)[number],
  language: Language,
): Buffer {
  const content = tableOf(servers, language)
    .map((row) => `${row.map(quoteCell).join(',')}\r\n`)
    .join('')
  return encoding === 'gb18030' ? iconv.encode(content, 'gb18030') : Buffer.from(`\ufeff${content}`, 'utf8')
}

/** Returns the servers as an XLSX file with one sheet. Every cell is text. */
export async function exportXlsx(servers: readonly InventoryServer[], language: Language): Promise<Buffer> {
  const rows = tableOf(servers, language).map((row) =>
    row.map((value) => (value === '' ? null : { value, type: String })),
  )
  return await writeXlsxFile(rows).toBuffer()
}

/** Returns the servers as YAML: a list under `servers`, without fields that are empty. Values are texts or have parts. */
export function exportYaml(servers: readonly InventoryServer[]): Buffer {
  const entries = servers.map((server) => {
    const texts = Object.entries(fieldTexts(server)).filter(([, value]) => value !== '')
    const { tags, maintenanceWindows: windows, thresholds } = server
    return Object.fromEntries<unknown>([
      ...texts,
      ...(tags.length > 0 ? [['tags', tags] as const] : []),
      ...(windows.length > 0 ? [['maintenance_windows', windows.map(toWindowInput)] as const] : []),
      ...(thresholds === null ? [] : [['thresholds', toThresholdsInput(thresholds)] as const]),
    ])
  })
  // Times of day are numbers to readers of YAML 1.1 unless they stand in quotes.
  return Buffer.from(
    stringify({ servers: entries }, { aliasDuplicateObjects: false, lineWidth: 0, compat: 'yaml-1.1' }),
    'utf8',
  )
}
