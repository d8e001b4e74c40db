import { hugePagesText, oomScope, slotStateWord } from '../documents/memory-markdown.ts'
import type { MemoryServer } from '../documents/memory-schema.ts'
import type { SummaryDocument } from '../documents/summary-schema.ts'
import { formatBytes } from '../format-bytes.ts'
import { formatLimit } from '../format-limit.ts'
import { formatPercent } from '../format-percent.ts'
import { shorten } from '../shorten.ts'
import { card, htmlTable, leftOut, type PageWriter } from './page-writer.ts'

const PROCESSES_SHOWN = 5
const KILLS_SHOWN = 5
const COMMAND_CHARACTERS = 140
type Usage = NonNullable<MemoryServer['usage']>

/** Returns memory per server: usage bar, breakdown, slots, error counters, largest processes. */
export function memorySection({ facts }: SummaryDocument, writer: PageWriter): string {
  const reached = facts.memory.servers.filter((server) => server.reached)
  const shown = reached.slice(0, writer.limits.servers)
  const blocks = shown
    .map((server) => {
      const limit = server.usage?.threshold_percent ?? facts.system.thresholds.memory_percent
      return serverBlock(server, limit, writer)
    })
    .join('')
  return card(writer.say('内存', 'Memory'), `${blocks}${leftOut(writer, reached.length - shown.length)}`)
}

function serverBlock(server: MemoryServer, limitPercent: number, writer: PageWriter): string {
  const { platform } = server
  const { say } = writer
  const kind =
    platform.is_virtual === null
      ? ''
      : platform.is_virtual
        ? `${say('虚拟机或容器', 'virtual')} ${writer.foreign(platform.virtualization)}`
        : say('物理机', 'physical')
  const product = [platform.board?.system_vendor, platform.board?.product]
    .filter((word) => word != null)
    .join(' ')
  const about = [
    kind.trim(),
    writer.foreign(product),
    writer.foreign(platform.cpu?.model ?? null),
    writer.foreign(platform.os),
  ]
  const usage =
    server.usage === null
      ? `<p><span class="badge unknown">${say('未知', 'unknown')}</span> ${say('内存使用情况未读到', 'memory usage was not read')}</p>`
      : usageBlock(server, server.usage, limitPercent, writer)
  return (
    `<h3>${writer.foreign(server.ip)}${server.name === null || server.name === server.ip ? '' : ` ${writer.foreign(server.name)}`}</h3>` +
    `<p class="where">${about.filter((word) => word !== '').join(' · ')}</p>${usage}` +
    `${oomBlock(server, writer)}${processesBlock(server, writer)}${slotsBlock(server, writer)}${errorsBlock(server, writer)}`
  )
}

function usageBlock(server: MemoryServer, usage: Usage, limitPercent: number, writer: PageWriter): string {
  const { say } = writer
  const share = (sizeBytes: number): number =>
    Math.min(100, Math.max(0, (sizeBytes / usage.total_bytes) * 100))
  const used = share(usage.used_bytes)
  const cache = Math.min(100 - used, share(Math.max(0, usage.available_bytes - usage.free_bytes)))
  const state =
    usage.used_percent <= limitPercent ? 'healthy' : usage.used_percent >= 90 ? 'critical' : 'attention'
  const swatch = (kind: string): string =>
    `<svg aria-hidden="true"><rect class="${kind}" width="10" height="10"/></svg>`
  const meter =
    `<svg class="bar tall" role="img" aria-label="${formatPercent(usage.used_percent)}"><rect class="t" width="100%" height="100%"/>` +
    `<rect class="c" x="${used.toFixed(1)}%" width="${cache.toFixed(1)}%" height="100%"/><rect class="${state}" width="${used.toFixed(1)}%" height="100%"/></svg>`
  const legend =
    `<p class="legend"><span>${swatch(state)}${say('已用', 'used')} ${formatBytes(usage.used_bytes)} (${formatPercent(usage.used_percent)})</span>` +
    `<span>${swatch('c')}${say('可回收缓存', 'reclaimable cache')} ${formatBytes(Math.max(0, usage.available_bytes - usage.free_bytes))}</span>` +
    (usage.threshold_percent === null
      ? ''
      : `<span>${say('阈值', 'limit')} ${formatLimit(usage.threshold_percent, usage.threshold_source, writer.language)}</span>`) +
    `<span>${swatch('t')}${say('空闲', 'free')} ${formatBytes(usage.free_bytes)}</span><span>${say('总量', 'total')} ${formatBytes(usage.total_bytes)}${writer.evidence([usage.evidence])}</span></p>`
  return `${meter}${legend}${breakdown(server, usage, writer)}`
}

function breakdown(server: MemoryServer, usage: Usage, writer: PageWriter): string {
  const { say } = writer
  const unknown = say('未知', 'unknown')
  const bytes = (sizeBytes: number | null): string => (sizeBytes === null ? unknown : formatBytes(sizeBytes))
  const swap =
    usage.swap_total_bytes === 0
      ? say('无交换空间', 'no swap space')
      : `${bytes(usage.swap_used_bytes)} / ${bytes(usage.swap_total_bytes)}`
  const { pressure } = server
  const rows: [string, string][] = [
    [
      say('页缓存', 'Page cache'),
      `${bytes(usage.cache_bytes)}${say(',其中共享 ', ', of it shared ')}${bytes(usage.shared_bytes)}`,
    ],
    [
      'Slab',
      `${bytes(usage.slab_bytes)}${say(',可回收 ', ', reclaimable ')}${bytes(usage.slab_reclaimable_bytes)}`,
    ],
    [
      say('大页预留', 'Huge pages'),
      `${hugePagesText(server, writer.language)}${writer.evidence([server.huge_pages?.evidence ?? null])}`,
    ],
    [say('交换', 'Swap'), swap],
    [
      say('内存压力', 'Pressure'),
      pressure === null
        ? unknown
        : `${say('60 秒内部分/全部任务等待 ', 'some / all tasks waiting over 60 s: ')}${formatPercent(pressure.some_avg60)} / ${formatPercent(pressure.full_avg60)}${writer.evidence([pressure.evidence])}`,
    ],
    [
      'OOM',
      server.oom_kill_count === null
        ? unknown
        : `${say(`开机以来 ${server.oom_kill_count} 次`, `${server.oom_kill_count} since boot`)}${writer.evidence([server.vmstat_evidence])}`,
    ],
  ]
  return `<dl class="facts small">${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`
}

function slotsBlock({ inventory, edac }: MemoryServer, writer: PageWriter): string {
  if (inventory === null) return ''
  const failing = new Set(edac?.dimms.filter((dimm) => dimm.uncorrected_count > 0).map(({ label }) => label))
  const { say } = writer
  const unknown = say('未知', 'unknown')
  const bytes = (sizeBytes: number | null): string => (sizeBytes === null ? unknown : formatBytes(sizeBytes))
  const sentence = say(
    `${inventory.slots_total} 个插槽,已用 ${inventory.slots_filled},空 ${inventory.empty_slots.length};已装 ${bytes(inventory.installed_bytes)};固件声明上限 ${bytes(inventory.firmware_maximum_bytes)}(仅供参考)`,
    `${inventory.slots_total} slots, ${inventory.slots_filled} filled, ${inventory.empty_slots.length} empty; ${bytes(inventory.installed_bytes)} installed; firmware maximum ${bytes(inventory.firmware_maximum_bytes)} (a hint)`,
  )
  const shown = inventory.slots.slice(0, writer.limits.slots)
  const cells = shown.map(({ locator, module, state }) => {
    const at = `<span class="at">${writer.foreign(locator ?? '?')}</span>`
    if (module === null) return `<li class="empty">${at}<b>${slotStateWord(state, writer.language)}</b></li>`
    const size = state === 'disabled' ? slotStateWord(state, writer.language) : bytes(module.size_bytes)
    const isBad = state === 'disabled' || failing.has(locator ?? '')
    const slow =
      module.configured_mts !== null && module.rated_mts !== null && module.configured_mts < module.rated_mts
        ? ` / ${module.rated_mts}`
        : ''
    const speed = module.configured_mts === null ? '' : `${module.configured_mts}${slow} MT/s`
    const type = [module.generation, module.kind].filter((word) => word !== null).join(' ')
    const maker = [module.manufacturer, module.part_number].filter((word) => word !== null).join(' ')
    return `<li${isBad ? ' class="bad"' : ''}>${at}<b>${size}</b>${[writer.foreign(type), speed, writer.foreign(maker)].filter((word) => word !== '').join('<br>')}</li>`
  })
  return (
    `<p class="small"><b>${say('内存条与插槽', 'Modules and slots')}</b> ${sentence}${writer.evidence([inventory.evidence])}</p>` +
    `<ul class="slots">${cells.join('')}</ul>${leftOut(writer, inventory.slots.length - shown.length)}`
  )
}

function errorsBlock({ edac }: MemoryServer, writer: PageWriter): string {
  if (edac === null) return ''
  const { say } = writer
  const bad = edac.dimms.filter((dimm) => dimm.corrected_count > 0 || dimm.uncorrected_count > 0)
  const title = `<p class="small"><b>${say('内存错误计数', 'Memory error counters')}</b> ${say(`${edac.dimms.length} 根中 ${bad.length} 根有错误`, `errors on ${bad.length} of ${edac.dimms.length} DIMMs`)}${writer.evidence([edac.evidence])}</p>`
  return `${title}${htmlTable(
    say('内存错误计数', 'Memory error counters'),
    [
      { title: say('内存条', 'DIMM') },
      { title: say('可纠正', 'Corrected'), kind: 'num' },
      { title: say('不可纠正', 'Uncorrected'), kind: 'num' },
    ],
    bad
      .slice(0, writer.limits.rows)
      .map((dimm) => [
        `${writer.foreign(dimm.label)} (${writer.foreign(dimm.controller)})`,
        String(dimm.corrected_count),
        String(dimm.uncorrected_count),
      ]),
  )}`
}

function oomBlock({ oom }: MemoryServer, writer: PageWriter): string {
  const { say } = writer
  const kills = oom?.kills ?? []
  const shown = kills.slice(0, KILLS_SHOWN)
  const table = htmlTable(
    say('因内存不足被终止的进程', 'Processes killed for lack of memory'),
    [
      { title: say('时间', 'When'), kind: 'time' },
      { title: say('进程', 'Process') },
      { title: say('占用', 'Held'), kind: 'num' },
      { title: say('范围', 'Scope'), kind: 'text' },
    ],
    shown.map((kill) => [
      kill.at ?? say('未知', 'unknown'),
      `${writer.foreign(kill.victim)} (PID ${kill.pid})`,
      kill.resident_bytes === null ? say('未知', 'unknown') : formatBytes(kill.resident_bytes),
      writer.foreign(oomScope(kill, writer.language)),
    ]),
  )
  return table === ''
    ? ''
    : `<p class="small"><b>${say('因内存不足被终止的进程', 'Processes killed for lack of memory')}</b>${writer.evidence([oom?.evidence ?? null])}</p>${table}${leftOut(writer, kills.length - shown.length)}`
}

function processesBlock(server: MemoryServer, writer: PageWriter): string {
  const { say } = writer
  const rows = (server.top_processes ?? [])
    .slice(0, PROCESSES_SHOWN)
    .map((process) => [
      String(process.pid),
      writer.foreign(process.user),
      process.proportional_bytes === null ? '' : formatBytes(process.proportional_bytes),
      formatBytes(process.resident_bytes),
      process.resident_percent === null ? '' : formatPercent(process.resident_percent),
      process.started_at === null ? '' : process.started_at.slice(0, 16),
      writer.foreign(shorten(process.command, COMMAND_CHARACTERS)),
    ])
  const table = htmlTable(
    say('占用最多的进程', 'Largest processes'),
    [
      { title: 'PID' },
      { title: say('用户', 'User') },
      { title: 'PSS', kind: 'num' },
      { title: say('常驻内存', 'Resident'), kind: 'num' },
      { title: say('占比', 'Share'), kind: 'num' },
      { title: say('启动', 'Started'), kind: 'time' },
      { title: say('命令', 'Command'), kind: 'cmd' },
    ],
    rows,
  )
  if (table === '') return ''
  return `<p class="small"><b>${say('占用最多的进程', 'Largest processes')}</b>${writer.evidence([server.processes_evidence])}</p>${table}`
}
