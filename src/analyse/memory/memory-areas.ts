import type { MemoryFacts } from '../../domain/facts/memory.ts'
import type { Finding } from '../../domain/finding.ts'
import type { ServerInspection } from '../../domain/inspection.ts'
import type { JudgedArea, MemoryArea } from '../../domain/judged-area.ts'
import { outcomeValue, type SectionOutcome } from '../../domain/outcome.ts'
import { type Text, text } from '../../domain/text.ts'
import { isVirtualMachine } from '../server/is-virtual-machine.ts'
import { ramSlots } from './ram-slots.ts'

/** The area that each rule belongs to; rules that are not here belong to the modules. */
const AREA_OF_RULE: Readonly<Record<string, MemoryArea>> = {
  'memory.usage_high': 'usage',
  'memory.hugepages_unused': 'usage',
  'memory.pressure_high': 'pressure',
  'memory.swap_under_pressure': 'pressure',
  'memory.swap_in_high': 'pressure',
  'memory.oom_kills': 'oom',
  'memory.ecc_uncorrected': 'errors',
  'memory.ecc_corrected': 'errors',
  'memory.hardware_corrupted': 'errors',
  'memory.firmware_error': 'errors',
  'memory.numa_unequal': 'numa',
  'memory.numa_placement': 'numa',
}

/** What a healthy area was judged by, or why nothing can be said of it. */
type Basis = { readonly read: Text } | { readonly unread: Text }

const ABSENCES: Readonly<Record<Exclude<SectionOutcome<unknown>['status'], 'ok'>, Text>> = {
  no_data: text('没有数据', 'no data'),
  unsupported: text('系统不支持或缺少工具', 'not supported, or the tool is missing'),
  denied: text('权限不足', 'permission denied'),
  timeout: text('超时', 'timed out'),
  unparseable: text('输出无法解析', 'output not understood'),
}

/**
 * Returns how each area of a server's memory stands; empty when its memory was not inspected. An area is healthy only
 * where its facts were read: what was not read is unknown.
 */
export function judgeMemoryAreas(
  inspection: Pick<ServerInspection, 'facts'>,
  findings: readonly Finding[],
): readonly JudgedArea[] {
  const { memory } = inspection.facts
  if (memory === undefined) return []
  const isVirtual = isVirtualMachine(inspection)
  const ofArea = Map.groupBy(
    findings.filter(({ rule, severity }) => rule.startsWith('memory.') && severity !== 'info'),
    ({ rule }): MemoryArea => AREA_OF_RULE[rule] ?? 'modules',
  )
  const bases: Readonly<Record<MemoryArea, Basis>> = {
    usage: basis(memory.meminfo, text('已读取用量', 'usage was read')),
    pressure: basis(memory.pressure, text('已读取内存压力', 'pressure was read')),
    oom: oomBasis(memory),
    errors: isVirtual ? VIRTUAL : errorBasis(memory),
    modules: isVirtual ? VIRTUAL : moduleBasis(memory),
    numa: isVirtual ? VIRTUAL : basis(memory.numa, text('已读取各节点', 'nodes were read')),
  }
  return Object.entries(bases).map(([name, found]) => {
    const area = name as MemoryArea
    const worst = ofArea.get(area)?.[0]
    if (worst !== undefined) return { area, state: 'attention', reason: worst.title }
    return 'read' in found
      ? { area, state: 'healthy', reason: found.read }
      : { area, state: 'unknown', reason: found.unread }
  })
}

const VIRTUAL: Basis = {
  unread: text('虚拟机:硬件由宿主机管理', 'a virtual machine: the hardware is the host’s'),
}

const basis = (outcome: SectionOutcome<unknown>, read: Text): Basis =>
  outcome.status === 'ok' ? { read } : { unread: ABSENCES[outcome.status] }

/** The kernel's counter tells whether there were kills, the log which; a log alone may have lost the older ones. */
function oomBasis({ vmstat, oomKills }: MemoryFacts): Basis {
  if (outcomeValue(vmstat)?.oomKillCount != null)
    return { read: text('内核计数为 0', 'the kernel counted none') }
  if (oomKills.status !== 'ok') return { unread: ABSENCES[oomKills.status] }
  return oomKills.value.kills.length > 0 || oomKills.value.logSince !== null
    ? { read: text('内核日志中没有近期记录', 'none of late in the kernel log') }
    : {
        unread: text(
          '内核日志没有时间,早期记录可能已丢失',
          'the kernel log has no times and may have lost some',
        ),
      }
}

function errorBasis({ edac }: MemoryFacts): Basis {
  if (edac.status !== 'ok') return { unread: ABSENCES[edac.status] }
  return edac.value.dimms.length > 0
    ? { read: text('EDAC 计数为 0 或很低', 'the EDAC counters are at or near 0') }
    : { unread: text('EDAC 没有列出内存条', 'EDAC lists no modules') }
}

function moduleBasis({ inventory }: MemoryFacts): Basis {
  if (inventory.status !== 'ok') return { unread: ABSENCES[inventory.status] }
  const sizes = ramSlots(inventory.value).flatMap(({ module }) => (module === null ? [] : [module.sizeBytes]))
  return sizes.some((sizeBytes) => sizeBytes !== null)
    ? { read: text(`已读取 ${sizes.length} 条内存`, `${sizes.length} module(s) were read`) }
    : { unread: text('固件没有给出内存条容量', 'the firmware gives the size of no module') }
}
