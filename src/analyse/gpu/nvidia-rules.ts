import type { NvidiaGpu } from '../../domain/facts/gpu.ts'
import { text } from '../../domain/text.ts'
import type { FindingDraft } from '../finding/make-finding.ts'
import { listText, numberText } from '../finding/quantity-text.ts'
import { GPU_LIMITS } from './gpu-limits.ts'
import { gpuName } from './gpu-place.ts'

const place = (gpu: NvidiaGpu) =>
  ({ kind: 'gpu', component: gpuName(gpu), evidenceIds: ['gpu.nvidia'] }) as const

const count = (value: number | null): number => value ?? 0

/** Uncorrected errors: since the driver was loaded they may still be in use, older ones were taken out of use. */
function eccErrors(gpu: NvidiaGpu): readonly FindingDraft[] {
  const name = gpuName(gpu)
  if (count(gpu.eccUncorrected) > 0)
    return [
      {
        ...place(gpu),
        rule: 'gpu.ecc_uncorrected',
        severity: 'urgent',
        title: text(
          `${name} 显存有 ${gpu.eccUncorrected} 次不可纠正的 ECC 错误`,
          `${name}: ${gpu.eccUncorrected} uncorrected ECC errors in its memory`,
        ),
        cause: text('用到该处的计算结果已不可信。', 'Results that used this memory cannot be trusted.'),
        nextStep: text(
          '排空该卡任务并复位,使坏行被替换;再次出现则更换。',
          'Drain and reset the card, so that bad rows are replaced; if they come back, replace it.',
        ),
      },
    ]
  const old = count(gpu.eccUncorrectedTotal)
  const corrected = count(gpu.eccCorrected)
  if (old === 0 && corrected < GPU_LIMITS.correctedErrors.limit) return []
  return [
    {
      ...place(gpu),
      rule: 'gpu.ecc_history',
      severity: old > 0 ? 'info' : 'warning',
      title:
        old > 0
          ? text(
              `${name} 曾有 ${old} 次不可纠正的 ECC 错误,驱动加载后没有新的`,
              `${name} had ${old} uncorrected ECC errors in its life, none since the driver was loaded`,
            )
          : text(
              `${name} 自驱动加载以来纠正了 ${corrected} 次 ECC 错误`,
              `${name} corrected ${corrected} ECC errors since the driver was loaded`,
            ),
      nextStep: text('观察是否增长。', 'Watch whether it grows.'),
    },
  ]
}

/** Rows and pages that were, or could not be, taken out of use. */
function replacedMemory(gpu: NvidiaGpu): readonly FindingDraft[] {
  const name = gpuName(gpu)
  const retired = count(gpu.retiredPagesSingleBit) + count(gpu.retiredPagesDoubleBit)
  const isWornOut = gpu.remapFailed === true || retired >= GPU_LIMITS.retiredPages.limit
  if (isWornOut)
    return [
      {
        ...place(gpu),
        rule: 'gpu.memory_worn',
        severity: 'critical',
        title:
          gpu.remapFailed === true
            ? text(`${name} 显存行重映射失败`, `${name}: remapping of memory rows has failed`)
            : text(`${name} 已隔离 ${retired} 个显存页`, `${name} has ${retired} retired memory pages`),
        cause: text('备用行已用完,坏处无法再替换。', 'No spare is left, so bad memory stays in use.'),
        nextStep: text(
          '停用并更换该卡(符合厂商更换条件)。',
          'Take the card out of use and have it replaced: this meets the maker’s terms.',
        ),
      },
    ]
  if (gpu.remapPending !== true && gpu.retirementPending !== true) return []
  return [
    {
      ...place(gpu),
      rule: 'gpu.remap_pending',
      severity: 'warning',
      title: text(
        `${name} 有坏显存等待复位后替换`,
        `${name} has bad memory that is replaced at its next reset`,
      ),
      nextStep: text('排空任务后执行 `nvidia-smi -r` 或重启。', 'Drain it, then `nvidia-smi -r` or restart.'),
    },
  ]
}

/** Temperature against the card's own limits; without them nothing can be said. */
function temperature(gpu: NvidiaGpu): readonly FindingDraft[] {
  const { temperatureCelsius: now, slowdownCelsius: slowdown } = gpu
  if (now === null || slowdown === null || slowdown <= 0 || now < slowdown) return []
  return [
    {
      ...place(gpu),
      rule: 'gpu.temperature_high',
      severity: 'critical',
      title: text(
        `${gpuName(gpu)} 温度 ${numberText(now)} °C,已达降频值 ${numberText(slowdown)} °C`,
        `${gpuName(gpu)} is at ${numberText(now)} °C; it slows down from ${numberText(slowdown)} °C on`,
      ),
      nextStep: text(
        '检查风扇、风道、导风罩与进风温度。',
        'Check fans, air flow, shrouds and inlet temperature.',
      ),
    },
  ]
}

const HARDWARE_REASONS: ReadonlySet<string> = new Set([
  'hw_slowdown',
  'hw_thermal_slowdown',
  'hw_power_brake_slowdown',
  'sw_thermal_slowdown',
])

function throttling(gpu: NvidiaGpu): readonly FindingDraft[] {
  const reasons = (gpu.throttleReasons ?? []).filter((reason) => HARDWARE_REASONS.has(reason))
  if (reasons.length === 0) return []
  const isPower = reasons.includes('hw_power_brake_slowdown')
  const names = listText(reasons)
  return [
    {
      ...place(gpu),
      rule: 'gpu.throttled',
      severity: 'warning',
      title: text(`${gpuName(gpu)} 正被降频:${names.zh}`, `${gpuName(gpu)} is held back: ${names.en}`),
      cause: isPower
        ? text('电源或机架的功率限制信号。', 'A power brake signal of power supply or rack.')
        : text('过热,或供电不足。', 'Too hot, or too little power.'),
      nextStep: text('检查散热、供电线与电源功率。', 'Check cooling, power cables and the power supplies.'),
    },
  ]
}

function narrowLink(gpu: NvidiaGpu): readonly FindingDraft[] {
  const { linkWidth: width, linkWidthMaximum: maximum } = gpu
  if (width === null || maximum === null || width === 0 || width >= maximum) return []
  return [
    {
      ...place(gpu),
      rule: 'gpu.link_narrow',
      severity: 'warning',
      title: text(
        `${gpuName(gpu)} 的 PCIe 链路为 x${width},可达 x${maximum}`,
        `${gpuName(gpu)}: PCIe link of x${width} where x${maximum} is possible`,
      ),
      cause: text(
        '接触不良、转接卡损坏,或插槽本身只有这么宽。',
        'Bad contact, a broken riser, or a slot of that width.',
      ),
      nextStep: text(
        '核对插槽宽度;应为全宽时重新插拔。',
        'See how wide the slot is; reseat the card where it should be wider.',
      ),
    },
  ]
}

function unreadable(gpu: NvidiaGpu): readonly FindingDraft[] {
  if (gpu.errorTexts.length === 0) return []
  const words = listText(gpu.errorTexts)
  return [
    {
      ...place(gpu),
      rule: 'gpu.unreadable',
      severity: 'urgent',
      title: text(
        `${gpuName(gpu)} 部分数据读取失败:${words.zh}`,
        `${gpuName(gpu)} fails to give its data: ${words.en}`,
      ),
      nextStep: text(
        '复位该卡或重启服务器,再看内核日志中的 Xid。',
        'Reset the card or restart the server, and look for Xid in the kernel log.',
      ),
    },
  ]
}

/** Returns what is wrong with one GPU. Values that are null are not judged. */
export const judgeNvidiaGpu = (gpu: NvidiaGpu): readonly FindingDraft[] => [
  ...eccErrors(gpu),
  ...replacedMemory(gpu),
  ...temperature(gpu),
  ...throttling(gpu),
  ...narrowLink(gpu),
  ...unreadable(gpu),
]
