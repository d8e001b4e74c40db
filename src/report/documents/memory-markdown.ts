import type { Language } from '../../domain/text.ts'
import { formatBytes } from '../format-bytes.ts'
import { formatDuration } from '../format-duration.ts'
import { formatLimit } from '../format-limit.ts'
import { formatPercent } from '../format-percent.ts'
import { escapeMarkdown } from '../markdown.ts'
import { markdownBlocks, markdownTable } from '../markdown-table.ts'
import { shorten } from '../shorten.ts'
import { changesMarkdown } from './changes-markdown.ts'
import { findingsMarkdown, markdownOf, unreadMarkdown } from './finding-markdown.ts'
import { memoryAreasMarkdown } from './memory-areas.ts'
import type { MemoryDocument, MemoryServer } from './memory-schema.ts'
import { serverHeading, unknownWord } from './server-heading.ts'

const PROCESSES_SHOWN = 10
const KILLS_SHOWN = 10
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
    memoryAreasMarkdown(server.areas, language),
    changesMarkdown(server.since_last_inspection, language),
    section(zh ? '使用情况' : 'Usage', usageTable(server, language)),
    section(zh ? 'OOM 终止的进程' : 'Processes killed for lack of memory', oomTable(server, language)),
    section(zh ? '占用最多的进程' : 'Largest processes', processTable(server, language)),
    section(zh ? '内存条与插槽' : 'Modules and slots', slotTable(server, language)),
    section(zh ? '内存错误计数' : 'Memory error counters', edacTable(server, language)),
    section(zh ? 'NUMA 节点' : 'NUMA nodes', numaTable(server, language)),
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
  const cpu = platform.cpu
  const sockets = cpu?.sockets == null ? '' : `${cpu.sockets} × `
  const bios = platform.board?.bios_version == null ? '' : `BIOS ${platform.board.bios_version}`
  return [kind, board, cpu?.model == null ? '' : `${sockets}${cpu.model}`, bios, platform.os ?? '']
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
    [zh ? '大页预留' : 'Huge pages reserved', hugePagesText(server, language)],
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

/** Returns the reserved huge pages of every size, with how much of them nobody uses; unknown where not read. */
export function hugePagesText({ usage, huge_pages: pages }: MemoryServer, language: Language): string {
  const unused = (sizeBytes: number | null): string =>
    sizeBytes === null || sizeBytes === 0
      ? ''
      : `${language === 'zh' ? ',未用 ' : ', unused '}${formatBytes(sizeBytes)}`
  const pools = (pages?.pools ?? []).filter(({ total }) => total > 0)
  if (pools.length > 0)
    return pools
      .map(
        ({ page_bytes: size, total, free }) =>
          `${total} × ${formatBytes(size)} = ${formatBytes(total * size)}${unused(free * size)}`,
      )
      .join('; ')
  const reserved = usage?.hugepages ?? null
  if (reserved === null) return unknownWord(language)
  return `${formatBytes(reserved.reserved_bytes)}${unused(reserved.unused_bytes)}`
}

function oomTable({ oom }: MemoryServer, language: Language): string {
  const zh = language === 'zh'
  const unknown = unknownWord(language)
  return markdownTable(
    zh ? ['时间', '进程', '占用', '范围'] : ['When', 'Process', 'Held', 'Scope'],
    (oom?.kills ?? [])
      .slice(0, KILLS_SHOWN)
      .map((kill) => [
        kill.at ?? unknown,
        `${escapeMarkdown(kill.victim)} (PID ${kill.pid})`,
        kill.resident_bytes === null ? unknown : formatBytes(kill.resident_bytes),
        escapeMarkdown(oomScope(kill, language)),
      ]),
  )
}

/** Returns in words what ran out: the whole machine, or a group that reached its limit. */
export function oomScope(
  { scope, cgroup }: NonNullable<MemoryServer['oom']>['kills'][number],
  language: Language,
): string {
  if (scope === null) return unknownWord(language)
  if (scope === 'machine') return language === 'zh' ? '整机内存耗尽' : 'the whole machine ran out'
  return language === 'zh'
    ? `达到容器/服务上限 ${cgroup ?? ''}`
    : `limit of a group reached: ${cgroup ?? '?'}`
}

function numaTable({ numa }: MemoryServer, language: Language): string {
  const zh = language === 'zh'
  if (numa === null || numa.nodes.length < 2) return ''
  return markdownTable(
    zh ? ['节点', '总量', '空闲', 'CPU'] : ['Node', 'Total', 'Free', 'CPUs'],
    numa.nodes.map(({ node, total_bytes: total, free_bytes: free, cpus }) => [
      String(node),
      formatBytes(total),
      formatBytes(free),
      escapeMarkdown(cpus ?? ''),
    ]),
  )
}

function processTable(server: MemoryServer, language: Language): string {
  const zh = language === 'zh'
  return markdownTable(
    zh
      ? ['进程', '用户', 'PSS', '常驻内存', '占总量', '启动时间', '已运行', '命令']
      : ['PID', 'User', 'PSS', 'Resident', 'Share', 'Started', 'Running for', 'Command'],
    (server.top_processes ?? [])
      .slice(0, PROCESSES_SHOWN)
      .map((process) => [
        String(process.pid),
        escapeMarkdown(process.user),
        process.proportional_bytes === null ? '' : formatBytes(process.proportional_bytes),
        formatBytes(process.resident_bytes),
        process.resident_percent === null ? '' : formatPercent(process.resident_percent),
        process.started_at ?? '',
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
  const disabled = inventory.disabled_slots.map(escapeMarkdown).join(', ')
  const unused =
    disabled === ''
      ? ''
      : zh
        ? `固件列出但未启用:${disabled}。`
        : ` Listed by the firmware and not used: ${disabled}.`
  const table = markdownTable(
    zh
      ? ['插槽', '容量', '类型', 'Rank', '速率(运行/额定)', '厂商', '型号', '序列号']
      : ['Slot', 'Size', 'Type', 'Rank', 'Speed (runs/rated)', 'Maker', 'Part', 'Serial'],
    inventory.slots.map(({ locator, module, state }) =>
      module === null
        ? [escapeMarkdown(locator ?? '?'), slotStateWord(state, language), '', '', '', '', '', '']
        : [
            escapeMarkdown(locator ?? '?'),
            state === 'disabled'
              ? slotStateWord(state, language)
              : module.size_bytes === null
                ? unknown
                : formatBytes(module.size_bytes),
            escapeMarkdown([module.generation, module.kind].filter((word) => word !== null).join(' ')),
            module.rank === null ? '' : String(module.rank),
            `${module.configured_mts ?? '?'} / ${module.rated_mts ?? '?'} MT/s`,
            escapeMarkdown(module.manufacturer ?? ''),
            escapeMarkdown(module.part_number ?? ''),
            escapeMarkdown(module.serial ?? ''),
          ],
    ),
  )
  return `${sentence}${unused}\n\n${table}`.trimEnd()
}

/** Returns what is in a slot without a readable module. */
export function slotStateWord(
  state: NonNullable<MemoryServer['inventory']>['slots'][number]['state'],
  language: Language,
): string {
  if (state === 'disabled') return language === 'zh' ? '未启用' : 'disabled'
  if (state === 'unknown') return unknownWord(language)
  return language === 'zh' ? '空' : 'empty'
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
