import { type Text, text } from '../../domain/text.ts'
import { formatBytes } from '../format-bytes.ts'
import { formatPercent } from '../format-percent.ts'
import type { MemoryServer } from './memory-schema.ts'
import type { UpgradeAdvice } from './summary-schema.ts'

/** Rules that say that memory is short now. */
const SHORTAGE_RULES: readonly string[] = [
  'memory.usage_high',
  'memory.pressure_high',
  'memory.swap_under_pressure',
]
/** A process with this share of all memory is named before anything is bought. Ours: half of a machine in one process is a matter of that process first. */
const LARGE_PROCESS_PERCENT = 50
/** Unused reserved huge pages from this share on are named first. Ours: a tenth of the memory is worth the setting. */
const UNUSED_HUGEPAGES_RATIO = 0.1

type Advice = Pick<UpgradeAdvice, 'decision' | 'reason' | 'evidence'>

/**
 * Returns what one server's memory needs, by rules: nothing, less use first, another allocation (virtual machine), or a
 * plan of its slots. Names no part and no price: those need the planner.
 */
export function upgradeAdvice(server: MemoryServer, memoryThresholdPercent: number): UpgradeAdvice {
  const { inventory } = server
  return {
    ip: server.ip,
    bk_cloud_id: server.bk_cloud_id,
    ...decide(server, memoryThresholdPercent),
    slots_free: inventory?.empty_slots.length ?? null,
    slots_total: inventory?.slots_total ?? null,
  }
}

function decide(server: MemoryServer, thresholdPercent: number): Advice {
  const { usage } = server
  if (usage === null) {
    const reason = server.reached
      ? text('内存使用情况未读到,无法给出建议', 'memory usage was not read; nothing can be advised')
      : text(
          '无法访问,内存状况未知,无法给出建议',
          'unreachable; its memory is unknown and nothing can be advised',
        )
    return { decision: 'cannot_say', reason, evidence: [] }
  }
  const shortages = server.warnings.filter(({ rule }) => SHORTAGE_RULES.includes(rule))
  const isShort = usage.used_percent > thresholdPercent || shortages.length > 0
  const measured = usageText(server)
  const evidence = refs([usage.evidence, server.pressure?.evidence ?? null, server.vmstat_evidence])
  if (!isShort) return decideWithoutShortage(server, measured, thresholdPercent, evidence)
  const reclaimable = reclaimableText(server)
  if (reclaimable !== null) {
    const reason = text(
      `${measured.zh};先减少占用:${reclaimable.zh}`,
      `${measured.en}; use less first: ${reclaimable.en}`,
    )
    return {
      decision: 'use_less_first',
      reason,
      evidence: [...evidence, ...refs([server.processes_evidence])],
    }
  }
  return {
    ...decideShortage(server, measured),
    evidence: [...evidence, ...refs([server.inventory?.evidence ?? null])],
  }
}

function decideWithoutShortage(
  server: MemoryServer,
  measured: Text,
  thresholdPercent: number,
  evidence: string[],
): Advice {
  const limit = formatPercent(thresholdPercent)
  const kills = server.oom_kill_count ?? 0
  if (kills === 0) {
    const reason = text(
      `${measured.zh},未超过阈值 ${limit};不需要升级`,
      `${measured.en}, not above the limit of ${limit}; no upgrade is needed`,
    )
    return { decision: 'no_need', reason, evidence }
  }
  const reason = text(
    `${measured.zh},但开机以来发生 OOM ${kills} 次;先查明被终止的进程或容器上限,再谈扩容`,
    `${measured.en}, yet ${kills} OOM kill(s) since boot; find the killed process or container limit before buying`,
  )
  return { decision: 'use_less_first', reason, evidence }
}

function decideShortage(server: MemoryServer, measured: Text): Pick<Advice, 'decision' | 'reason'> {
  if (server.platform.is_virtual === true)
    return {
      decision: 'change_allocation',
      reason: text(
        `${measured.zh};这是虚拟机或容器,应在宿主机上调整内存分配,而不是购买内存条`,
        `${measured.en}; it is a virtual machine or container: change its allocation on the host instead of buying modules`,
      ),
    }
  const { inventory } = server
  if (inventory === null)
    return {
      decision: 'plan_needed',
      reason: text(
        `${measured.zh};插槽未读到,需先取得内存条与插槽信息才能规划`,
        `${measured.en}; the slots were not read and must be before an upgrade can be planned`,
      ),
    }
  const free = inventory.empty_slots.length
  return {
    decision: 'plan_needed',
    reason: text(
      `${measured.zh};${inventory.slots_total} 个插槽中空 ${free} 个;具体配置需由规划器给出`,
      `${measured.en}; ${free} free slot(s) of ${inventory.slots_total}; the slot plan needs the planner`,
    ),
  }
}

/** What could be given back before anything is bought; null when nothing is named by the facts. */
function reclaimableText(server: MemoryServer): Text | null {
  const { usage } = server
  const unused = usage?.hugepages?.unused_bytes ?? 0
  if (usage !== null && unused >= usage.total_bytes * UNUSED_HUGEPAGES_RATIO && unused > 0)
    return text(
      `预留的大页有 ${formatBytes(unused)} 未被使用`,
      `${formatBytes(unused)} of reserved huge pages are unused`,
    )
  const largest = server.top_processes?.[0]
  if (largest === undefined || (largest.resident_percent ?? 0) < LARGE_PROCESS_PERCENT) return null
  const size = `${formatBytes(largest.resident_bytes)} (${formatPercent(largest.resident_percent ?? 0)})`
  return text(
    `进程 ${largest.pid}(用户 ${largest.user})占 ${size},先确认它是否需要这么多`,
    `process ${largest.pid} (user ${largest.user}) holds ${size}: see whether it needs that much`,
  )
}

/** Returns usage in words: share, used and total. */
export function usageText({ usage }: Pick<MemoryServer, 'usage'>): Text {
  if (usage === null) return text('内存使用率未知', 'memory usage unknown')
  const share = formatPercent(usage.used_percent)
  const size = `${formatBytes(usage.used_bytes)} / ${formatBytes(usage.total_bytes)}`
  return text(`内存使用率 ${share}(${size})`, `memory usage ${share} (${size})`)
}

/** Returns the references that are there. */
export const refs = (found: readonly (string | null)[]): string[] => found.filter((ref) => ref !== null)
