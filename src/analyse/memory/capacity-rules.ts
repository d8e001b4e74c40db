import type { MemoryFacts, MemoryInventory } from '../../domain/facts/memory.ts'
import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { bytesText } from '../finding/quantity-text.ts'
import { MEMORY_LIMITS } from './memory-limits.ts'
import { ramSlots } from './ram-slots.ts'

/** Returns findings on sums that do not fit: installed against the firmware's maximum and against what is usable. */
export function assessMemoryCapacity(input: AssessmentInput, memory: MemoryFacts): readonly Finding[] {
  const inventory = outcomeValue(memory.inventory)
  if (inventory === null) return []
  const moduleBytes = ramSlots(inventory).flatMap((slot) => slot.module?.sizeBytes ?? [])
  const installedBytes = moduleBytes.reduce((sum, sizeBytes) => sum + sizeBytes, 0)
  if (installedBytes === 0) return []
  const usableBytes = outcomeValue(memory.meminfo)?.totalBytes ?? null
  return [
    ...maximumMisreported(input, inventory, installedBytes),
    ...(usableBytes === null
      ? []
      : [
          ...usableBelowInstalled(input, moduleBytes, { installedBytes, usableBytes }),
          ...usableAboveInstalled(input, moduleBytes.length, { installedBytes, usableBytes }),
        ]),
  ]
}

function maximumMisreported(
  input: AssessmentInput,
  inventory: MemoryInventory,
  installedBytes: number,
): readonly Finding[] {
  const arrays = inventory.arrays.filter((array) => array.use === null || array.use === 'System Memory')
  const maxima = arrays.map((array) => array.maximumBytes)
  // A maximum of nothing is a field that was left empty.
  const stated = maxima.filter((maximumBytes) => maximumBytes !== null && maximumBytes > 0)
  if (stated.length === 0 || stated.length < maxima.length) return []
  const maximumBytes = stated.reduce<number>((sum, one) => sum + (one ?? 0), 0)
  if (installedBytes <= maximumBytes) return []
  const installed = bytesText(installedBytes)
  const maximum = bytesText(maximumBytes)
  const finding = makeFinding(input, {
    rule: 'memory.maximum_misreported',
    severity: 'info',
    kind: 'memory',
    component: null,
    title: text(
      `固件声明最大支持 ${maximum},实际已安装 ${installed}:固件声明有误`,
      `The firmware declares a maximum of ${maximum}, yet ${installed} are installed: it is wrong`,
    ),
    cause: text('固件的最大容量只是提示,经常不准。', 'The firmware’s maximum is a hint and often wrong.'),
    nextStep: text('扩容以主板和 CPU 的规格为准。', 'Plan by the specification of board and CPU.'),
    evidenceIds: ['memory.inventory'],
  })
  return [finding]
}

function usableBelowInstalled(
  input: AssessmentInput,
  moduleBytes: readonly number[],
  { installedBytes, usableBytes }: { readonly installedBytes: number; readonly usableBytes: number },
): readonly Finding[] {
  const missingBytes = installedBytes - usableBytes
  const reserveBytes = Math.max(
    MEMORY_LIMITS.firmwareReserveBytes.limit,
    installedBytes * MEMORY_LIMITS.firmwareReserveRatio.limit,
  )
  const leastMissingBytes = Math.min(...moduleBytes) * MEMORY_LIMITS.missingModuleRatio.limit
  if (missingBytes <= reserveBytes || missingBytes < leastMissingBytes) return []
  const finding = makeFinding(input, {
    rule: 'memory.usable_below_installed',
    severity: 'warning',
    kind: 'memory',
    component: null,
    title: text(
      `已安装 ${bytesText(installedBytes)},系统可用仅 ${bytesText(usableBytes)},少了 ${bytesText(missingBytes)}`,
      `${bytesText(installedBytes)} installed, only ${bytesText(usableBytes)} usable: ${bytesText(missingBytes)} are missing`,
    ),
    cause: text(
      '可能有内存条或其中一面被固件屏蔽,或启用了镜像/热备、集成显卡占用、内核 mem= 或 crashkernel= 参数。',
      'A module or a rank may be mapped out; or mirroring, sparing, graphics, or the kernel’s mem= or crashkernel= takes it.',
    ),
    nextStep: text(
      '查看 BMC 事件日志与 BIOS 内存页面,核对每条内存的状态。',
      'See the BMC’s event log and the BIOS memory page for the state of each module.',
    ),
    evidenceIds: ['memory.inventory', 'memory.meminfo'],
  })
  return [finding]
}

/** Rule N15: some machines with two processors list half of their modules. */
function usableAboveInstalled(
  input: AssessmentInput,
  moduleCount: number,
  { installedBytes, usableBytes }: { readonly installedBytes: number; readonly usableBytes: number },
): readonly Finding[] {
  if (usableBytes <= installedBytes * MEMORY_LIMITS.usableAboveInstalledRatio.limit) return []
  const finding = makeFinding(input, {
    rule: 'memory.inventory_incomplete',
    severity: 'info',
    kind: 'memory',
    component: null,
    title: text(
      `固件只列出 ${moduleCount} 条共 ${bytesText(installedBytes)},系统却有 ${bytesText(usableBytes)}:内存条清单不完整`,
      `The firmware lists ${moduleCount} module${moduleCount === 1 ? '' : 's'} of ${bytesText(installedBytes)}, yet ${bytesText(usableBytes)} are usable: the list is incomplete`,
    ),
    cause: text(
      '部分双路服务器只列出一半内存条。',
      'Some machines with two processors list half of their modules.',
    ),
    nextStep: text(
      '以 BMC 的清单为准,不要据此判断空插槽。',
      'Go by the list of the BMC; do not take the empty slots for free.',
    ),
    evidenceIds: ['memory.inventory', 'memory.meminfo'],
  })
  return [finding]
}
