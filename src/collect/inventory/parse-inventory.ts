import { text } from '../../domain/text.ts'
import { decodeText } from './decode-text.ts'
import { fieldOfColumn } from './inventory-fields.ts'
import { findJumpLoops } from './jump-loops.ts'
import {
  type InventoryFormat,
  type ParsedInventory,
  type ReadOptions,
  type ReadResult,
  unreadableFile,
} from './parsed-inventory.ts'
import { readAnsibleIni } from './read-ansible-ini.ts'
import { isAnsible, readAnsibleYaml } from './read-ansible-yaml.ts'
import { readCsv } from './read-csv.ts'
import { readSshConfig } from './read-ssh-config.ts'
import { readTable } from './read-table.ts'
import { readXlsx } from './read-xlsx.ts'
import { readYaml, serversOf } from './read-yaml.ts'
import { readYamlText } from './yaml-text.ts'

/** Bytes of a file that is read: 20,000 servers have some four million. */
const MOST_BYTES = 16 * 1024 * 1024

/** How a file is to be read. */
export interface ParseInventoryOptions {
  /** Default: what the content looks like. */
  readonly format?: InventoryFormat | undefined
  /** Name of a column in the file → field, for names that are not known. */
  readonly columns?: Readonly<Record<string, string>> | undefined
  /** More servers than this are an error. */
  readonly maxRows: number
}

const LINES_SNIFFED = 200

/** Returns what the content looks like; a CSV file when it looks like nothing else. */
function sniffFormat(bytes: Uint8Array, content: string): InventoryFormat {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'xlsx'
  const lines = content
    .slice(0, 200_000)
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/, LINES_SNIFFED)
    .map((line) => line.slice(0, 500))
    .filter((line) => line.trim() !== '' && !/^\s*[#;]/.test(line))
  // A cell over several lines may look like anything; a first line of column names settles it.
  const columns = (lines[0] ?? '')
    .split(/[,;\t]/)
    .filter((name) => fieldOfColumn(name.replaceAll('"', '')) !== null)
  if (columns.length >= 2) return 'csv'
  const has = (pattern: RegExp): boolean => lines.some((line) => pattern.test(line))
  if (
    has(/^\s*(?:host|match)[ \t]{1,20}\S/i) &&
    has(/^\s*(?:hostname|user|port|proxyjump|identityfile)[ \t=]/i)
  )
    return 'ssh_config'
  if (has(/^\[[^\],]{1,200}\]\s*$/)) return 'ansible_ini'
  const first = lines[0] ?? ''
  if (/^(?:---|servers:|- |\[|\{)/.test(first.trim())) return 'yaml'
  if (has(/^\s{1,20}(?:hosts|children|vars):/)) return 'ansible_yaml'
  if (/^\S{1,200}(?:\s{1,20}ansible_\w{1,40}=|$)/.test(first) && has(/\sansible_\w{1,40}=/))
    return 'ansible_ini'
  return 'csv'
}

function readText(
  format: Exclude<InventoryFormat, 'xlsx'>,
  content: string,
  options: ReadOptions,
): ReadResult & { readonly format: InventoryFormat } {
  switch (format) {
    case 'csv':
      return { format, ...readTable(readCsv(content), options) }
    case 'ansible_ini':
      return { format, ...readAnsibleIni(content, options) }
    case 'ssh_config':
      return { format, ...readSshConfig(content, options) }
    case 'yaml':
    case 'ansible_yaml': {
      const document = readYamlText(content)
      if (!('kind' in document)) return { format, rows: [], problems: document, ignoredColumns: [] }
      return serversOf(document) === null && isAnsible(document)
        ? { format: 'ansible_yaml', ...readAnsibleYaml(document, options) }
        : { format: 'yaml', ...readYaml(document, options) }
    }
  }
}

/**
 * Returns the servers that a foreign inventory file names and everything wrong with it; nothing in it is run, followed
 * or looked up. Never throws for what a file holds; takes time linear in its size. Of a file with an error in one row
 * the other rows are there: whether to take them is for the caller to say.
 */
export async function parseInventory(
  bytes: Uint8Array,
  options: ParseInventoryOptions,
): Promise<ParsedInventory> {
  const readOptions: ReadOptions = { columns: options.columns ?? {}, maxRows: options.maxRows }
  if (bytes.length > MOST_BYTES) {
    const allowed = text(`不超过 ${MOST_BYTES / 1024 / 1024} MiB`, `at most ${MOST_BYTES / 1024 / 1024} MiB`)
    return {
      format: options.format ?? 'csv',
      encoding: 'utf-8',
      ...unreadableFile(`${bytes.length}`, allowed),
    }
  }
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b
  const { content, encoding } = isZip ? { content: '', encoding: 'utf-8' as const } : decodeText(bytes)
  const format = options.format ?? sniffFormat(bytes, content)
  const read =
    format === 'xlsx'
      ? { format, ...(await readXlsx(bytes, readOptions)) }
      : readText(format, content, readOptions)
  const loops = findJumpLoops(read.rows)
  const looped = new Set(loops.map((problem) => problem.line))
  return {
    format: read.format,
    encoding,
    rows: read.rows.filter((row) => !looped.has(row.line)),
    problems: [...read.problems, ...loops],
    ignoredColumns: read.ignoredColumns,
  }
}
