import type { MemoryModule, MemorySlot } from '../../domain/facts/memory.ts'
import { type Text, text } from '../../domain/text.ts'
import type { FindingDraft } from '../finding/make-finding.ts'
import { listText } from '../finding/quantity-text.ts'
import { MEMORY_LIMITS } from './memory-limits.ts'
import { memoryPlaceOf } from './memory-place.ts'
import { namedSlots } from './named-slots.ts'

interface Runner {
  readonly name: string
  readonly slot: MemorySlot
  readonly rated: number
  readonly configured: number
}

/** Returns a draft on modules that run below their rated speed, and whether something known explains it. */
export function speedDrafts(slots: readonly MemorySlot[]): readonly FindingDraft[] {
  const runners = namedSlots(slots).flatMap(({ name, slot }) => {
    const speed = slot.module === null ? null : speedOf(slot.module)
    return speed === null ? [] : [{ name, slot, ...speed }]
  })
  const slow = runners.filter(isSlow)
  const first = slow[0]
  if (first === undefined) return []
  const reason = explain(runners, slow)
  const names = listText(slow.map(({ name }) => name))
  const speeds = `${first.configured} / ${first.rated} MT/s`
  const many = slow.length === 1 ? 'module runs' : 'modules run'
  return [
    {
      kind: 'memory',
      component: null,
      evidenceIds: ['memory.inventory'],
      rule: 'memory.speed_below_rated',
      severity: reason.isExplained ? 'info' : 'warning',
      title: text(
        `${slow.length} 条内存运行速率低于额定(${speeds}):${names.zh}`,
        `${slow.length} ${many} below the rated speed (${speeds}): ${names.en}`,
      ),
      cause: reason.why,
      nextStep: reason.isExplained
        ? text(
            '对照 CPU 规格与 BIOS 设置核实。',
            'Compare with the CPU’s specification and the BIOS setting.',
          )
        : text(
            '查看 BMC 事件日志与 BIOS 内存页面;重插这些内存条。',
            'See the BMC’s event log and the BIOS memory page; reseat these modules.',
          ),
    },
  ]
}

/** Half the rated speed, give or take one, is the clock of double data rate: the module runs as rated. */
function speedOf(module: MemoryModule): { rated: number; configured: number } | null {
  const { ratedMegatransfersPerSecond: rated, configuredMegatransfersPerSecond: configured } = module
  if (rated === null || configured === null || rated <= 0 || configured <= 0) return null
  const isClock = Math.abs(2 * configured - rated) <= MEMORY_LIMITS.clockRoundingMegatransfers.limit
  return { rated, configured: isClock ? rated : configured }
}

const isSlow = ({ rated, configured }: Runner): boolean =>
  configured < rated * MEMORY_LIMITS.speedBelowRatedRatio.limit

function explain(
  runners: readonly Runner[],
  slow: readonly Runner[],
): { readonly isExplained: boolean; readonly why: Text } {
  const slowestRated = Math.min(...runners.map(({ rated }) => rated))
  if (slow.every(({ configured }) => configured >= slowestRated * MEMORY_LIMITS.speedBelowRatedRatio.limit))
    return {
      isExplained: true,
      why: text(
        `混插了额定 ${slowestRated} MT/s 的内存条,全部按最慢的运行。`,
        `Modules rated at ${slowestRated} MT/s are among them, and all run at the speed of the slowest.`,
      ),
    }
  if (new Set(runners.map(({ configured }) => configured)).size > 1)
    return {
      isExplained: false,
      why: text(
        '同一台机器上有内存条运行得更快,平台上限无法解释这些内存条的降速。',
        'Others in this machine run faster, so the limit of the platform does not explain it.',
      ),
    }
  const perChannel = fewestPerChannel(runners)
  if (perChannel !== null && perChannel > 1)
    return {
      isExplained: true,
      why: text(
        `每通道装有 ${perChannel} 条,平台在这种配置下会降速;也可能是 CPU 或 BIOS 的上限。`,
        `Each channel holds ${perChannel}, which lowers the speed on many platforms; or the CPU or the BIOS limits it.`,
      ),
    }
  return {
    isExplained: true,
    why: text(
      '全部内存条速率相同,通常由 CPU 支持的最高速率或 BIOS 设置决定,不是故障。',
      'All modules run alike, which is mostly the limit of the CPU or a BIOS setting and no fault.',
    ),
  }
}

/** Modules on the channel with the fewest; null where the channels cannot be told. */
function fewestPerChannel(runners: readonly Runner[]): number | null {
  const counts = new Map<string, number>()
  for (const { slot } of runners) {
    const place = memoryPlaceOf(slot)
    if (place === null) return null
    const channel = `${place.socket ?? ''}/${place.channel}`
    counts.set(channel, (counts.get(channel) ?? 0) + 1)
  }
  const fewest = Math.min(...counts.values())
  return fewest <= MEMORY_LIMITS.slotsPerChannel.limit ? fewest : null
}
