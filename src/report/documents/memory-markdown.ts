import type { Language } from '../../domain/text.ts'
import { formatBytes } from '../format-bytes.ts'
import { formatDuration } from '../format-duration.ts'
import { formatLimit } from '../format-limit.ts'
import { formatPercent } from '../format-percent.ts'
import { escapeMarkdown } from '../markdown.ts'
import { markdownBlocks, markdownTable } from '../markdown-table.ts'
import { shorten } from '../shorten.ts'
import { findingsMarkdown, markdownOf, unreadMarkdown } from './finding-markdown.ts'
import type { MemoryDocument, MemoryServer } from './memory-schema.ts'
import { serverHeading, unknownWord } from './server-heading.ts'

const PROCESSES_SHOWN = 10
const COMMAND_CHARACTERS = 80

/** Returns the report of service 002 for people. */
export function renderMemoryMarkdown(
  document: Omit<MemoryDocument, 'report_markdown'>,
  language: Language,
): string {
  return markdownBlocks([
    `# ${language === 'zh' ? '内存巡检报告' : 'Memory inspection'}`,
    `${document.generated_at} (${escapeMarkdown(document.time_zone)})`,
    markdownOf(document.summary, language),
    ...document.servers.map((server) => serverBlock(server, language)),
  ])
}

function serverBlock(server: MemoryServer, language: Language): string {
  const zh = language === 'zh'
  const heading = serverHeading(server, language)
  if (!server.reached) return heading
  const section = (title: string, body: string): string => (body === '' ? '' : `### ${title}\n\n${body}`)
  return markdownBlocks([
    heading,
    platformLine(server, language),
    section(zh ? '告警' : 'Warnings', findingsMarkdown(server.warnings, language)),
    section(zh ? '使用情况' : 'Usage', usageTable(server, language)),
    section(zh ? '占用最多的进程' : 'Largest processes', processTable(server, language)),
    section(zh ? '内存条与插槽' : 'Modules and slots', slotTable(server, language)),
    section(zh ? '内存错误计数' : 'Memory error counters', edacTable(server, language)),
    section(zh ? '未读取' : 'Not read', unreadMarkdown(server.not_read, language)),
  ]).trimEnd()
}

function platformLine({ platform }: MemoryServer, language: Language): string {
  const zh = language === 'zh'
  const kind =
    platform.is_virtual === null
      ? zh
        ? '物理机或虚拟机:未知'
        : 'physical or virtual: unknown'
      : platform.is_virtual
        ? `${zh ? '虚拟机或容器' : 'virtual'} (${escapeMarkdown(platform.virtualization ?? '?')})`
        : zh
          ? '物理机'
          : 'physical'
  const board = [platform.board?.system_vendor, platform.board?.product]
    .filter((word) => word != null)
    .join(' ')
  return [kind, board, platform.cpu?.model ?? '', platform.os ?? '']
    .filter((word) => word !== '')
    .map((word, position) => (position === 0 ? word : escapeMarkdown(word)))
    .join(' · ')
}

function usageTable(server: MemoryServer, language: Language): string {
  const zh = language === 'zh'
  const unknown = unknownWord(language)
  const { usage, pressure } = server
  if (usage === null) return zh ? '内存使用情况未知。' : 'Memory usage is unknown.'
  const bytes = (sizeBytes: number | null): string => (sizeBytes === null ? unknown : formatBytes(sizeBytes))
  const swap =
    usage.swap_total_bytes === 0
      ? zh
        ? '没有交换空间'
        : 'no swap space'
      : `${bytes(usage.swap_used_bytes)} / ${bytes(usage.swap_total_bytes)}`
  const rows = [
    [zh ? '总量' : 'Total', bytes(usage.total_bytes)],
    [zh ? '已用' : 'Used', `${bytes(usage.used_bytes)} (${formatPercent(usage.used_percent)})`],
    [
      zh ? '阈值' : 'Limit',
      usage.threshold_percent === null
        ? ''
        : formatLimit(usage.threshold_percent, usage.threshold_source, language),
    ],
    [zh ? '可用' : 'Available', bytes(usage.available_bytes)],
    [zh ? '缓存' : 'Cache', bytes(usage.cache_bytes)],
    [
      'Slab',
      `${bytes(usage.slab_bytes)}${zh ? ',可回收 ' : ', reclaimable '}${bytes(usage.slab_reclaimable_bytes)}`,
    ],
    [zh ? '共享' : 'Shared', bytes(usage.shared_bytes)],
    [
      zh ? '大页预留' : 'Huge pages reserved',
      usage.hugepages === null ? unknown : bytes(usage.hugepages.reserved_bytes),
    ],
    [zh ? '交换' : 'Swap', swap],
    [
      zh ? '内存压力(PSI,some / full,60 秒)' : 'Pressure (PSI, some / full, 60 s)',
      pressure === null
        ? unknown
        : `${formatPercent(pressure.some_avg60)} / ${formatPercent(pressure.full_avg60)}`,
    ],
    [zh ? '开机以来 OOM 次数' : 'OOM kills since boot', String(server.oom_kill_count ?? unknown)],
  ]
  return markdownTable(zh ? ['项目', '数值'] : ['Item', 'Measured'], rows)
}

function processTable(server: MemoryServer, language: Language): string {
  const zh = language === 'zh'
  return markdownTable(
    zh
      ? ['进程', '用户', '常驻内存', '占总量', '已运行', '命令']
      : ['PID', 'User', 'Resident', 'Share', 'Running for', 'Command'],
    (server.top_processes ?? [])
      .slice(0, PROCESSES_SHOWN)
      .map((process) => [
        String(process.pid),
        escapeMarkdown(process.user),
        formatBytes(process.resident_bytes),
        process.resident_percent === null ? '' : formatPercent(process.resident_percent),
        process.elapsed_seconds === null ? '' : formatDuration(process.elapsed_seconds * 1000, language),
        escapeMarkdown(shorten(process.command, COMMAND_CHARACTERS)),
      ]),
  )
}

function slotTable({ inventory }: MemoryServer, language: Language): string {
  if (inventory === null) return ''
  const zh = language === 'zh'
  const unknown = unknownWord(language)
  const installed = inventory.installed_bytes === null ? unknown : formatBytes(inventory.installed_bytes)
  const maximum =
    inventory.firmware_maximum_bytes === null ? unknown : formatBytes(inventory.firmware_maximum_bytes)
  const sentence = zh
    ? `共 ${inventory.slots_total} 个插槽,已用 ${inventory.slots_filled},空 ${inventory.empty_slots.length};已装 ${installed};固件声明上限 ${maximum}(仅供参考)。`
    : `${inventory.slots_total} slots, ${inventory.slots_filled} filled, ${inventory.empty_slots.length} empty; ${installed} installed; the firmware declares a maximum of ${maximum} (a hint only).`
  const table = markdownTable(
    zh
      ? ['插槽', '容量', '类型', '速率(运行/额定)', '厂商', '型号', '序列号']
      : ['Slot', 'Size', 'Type', 'Speed (runs/rated)', 'Maker', 'Part', 'Serial'],
    inventory.slots.map(({ locator, module }) =>
      module === null
        ? [escapeMarkdown(locator ?? '?'), zh ? '空' : 'empty', '', '', '', '', '']
        : [
            escapeMarkdown(locator ?? '?'),
            module.size_bytes === null ? unknown : formatBytes(module.size_bytes),
            escapeMarkdown([module.generation, module.kind].filter((word) => word !== null).join(' ')),
            `${module.configured_mts ?? '?'} / ${module.rated_mts ?? '?'} MT/s`,
            escapeMarkdown(module.manufacturer ?? ''),
            escapeMarkdown(module.part_number ?? ''),
            escapeMarkdown(module.serial ?? ''),
          ],
    ),
  )
  return `${sentence}\n\n${table}`.trimEnd()
}

function edacTable({ edac }: MemoryServer, language: Language): string {
  const zh = language === 'zh'
  return markdownTable(
    zh ? ['控制器', '内存条', '可纠正', '不可纠正'] : ['Controller', 'DIMM', 'Corrected', 'Uncorrected'],
    (edac?.dimms ?? []).map((dimm) => [
      escapeMarkdown(dimm.controller),
      escapeMarkdown(dimm.label),
      String(dimm.corrected_count),
      String(dimm.uncorrected_count),
    ]),
  )
}
