import type { GpuFacts, Npu, PciAccelerator } from '../../domain/facts/gpu.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import type { FindingDraft } from '../finding/make-finding.ts'
import { gpuName, plainAddress } from './gpu-place.ts'

/** Returns GPUs that the driver has lost, or that are on the bus while the driver does not show them. */
export function missingGpus({ pci, nvidia }: GpuFacts): readonly FindingDraft[] {
  const onBus = (outcomeValue(pci) ?? []).filter(({ vendor }) => vendor === 'nvidia')
  const shown = outcomeValue(nvidia)
  if (shown === null) return onBus.length === 0 ? [] : withoutDriver(nvidia.status, onBus)
  const known = new Set(shown.gpus.map((gpu) => gpuName(gpu)))
  const bound = onBus
    .filter(({ driver }) => driver === 'nvidia')
    .map(({ address }) => `GPU ${plainAddress(address)}`)
  const absent = bound.filter((name) => !known.has(name))
  const lostNames = shown.lost.map((line) => {
    const address = /([0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2})/.exec(line)?.[1]
    return address === undefined ? line : `GPU ${plainAddress(address)}`
  })
  return [...new Set([...lostNames, ...absent])].map((name) => ({
    kind: 'gpu',
    component: name,
    evidenceIds: ['gpu.nvidia', 'gpu.pci'],
    rule: 'gpu.lost',
    severity: 'critical',
    title: text(`${name} 已失去响应`, `${name} does not answer any more`),
    cause: text(
      '卡从总线上掉线:过热、供电或硬件故障。',
      'It has dropped off the bus: heat, power or a hardware fault.',
    ),
    nextStep: text(
      '重启服务器;检查供电线与插槽,再次出现则更换。',
      'Restart the server; check power cables and slot, and replace the card if it happens again.',
    ),
  }))
}

/** A time-out and a refused right say nothing of the driver. */
function withoutDriver(status: string, onBus: readonly PciAccelerator[]): readonly FindingDraft[] {
  if (status !== 'unsupported' && status !== 'no_data') return []
  return [
    {
      kind: 'gpu',
      component: null,
      evidenceIds: ['gpu.pci', 'gpu.nvidia'],
      rule: 'gpu.driver_missing',
      severity: 'warning',
      title: text(
        `有 ${onBus.length} 块 NVIDIA GPU,但 nvidia-smi 读不到`,
        `${onBus.length} NVIDIA GPUs are there, yet nvidia-smi cannot read them`,
      ),
      cause: text(
        '驱动未安装或未加载:健康状况未知。',
        'The driver is not installed or not loaded: their health is unknown.',
      ),
      nextStep: text(
        '安装或重新加载 NVIDIA 驱动(内核升级后常需重装)。',
        'Install or load the NVIDIA driver; after a new kernel it often has to be built again.',
      ),
    },
  ]
}

/** Returns links of accelerators other than NVIDIA's that are narrower than they could be. */
export const narrowLinks = (devices: readonly PciAccelerator[]): readonly FindingDraft[] =>
  devices.flatMap(({ address, vendor, linkWidth, linkWidthMaximum }): readonly FindingDraft[] => {
    if (vendor === 'nvidia' || linkWidth === null || linkWidthMaximum === null) return []
    if (linkWidth >= linkWidthMaximum) return []
    return [
      {
        kind: 'gpu',
        component: `PCI ${plainAddress(address)}`,
        evidenceIds: ['gpu.pci'],
        rule: 'gpu.link_narrow',
        severity: 'warning',
        title: text(
          `加速卡 ${address} 的 PCIe 链路为 x${linkWidth},可达 x${linkWidthMaximum}`,
          `Accelerator ${address}: PCIe link of x${linkWidth} where x${linkWidthMaximum} is possible`,
        ),
        nextStep: text(
          '核对插槽宽度;应为全宽时重新插拔。',
          'See how wide the slot is; reseat the card where it should be wider.',
        ),
      },
    ]
  })

const NPU_SEVERITIES = { warning: 'warning', alarm: 'urgent', critical: 'critical' } as const

const isNpuWord = (word: string): word is keyof typeof NPU_SEVERITIES => word in NPU_SEVERITIES

/** Returns chips whose own verdict is not OK; UNKNOWN is a warning, for it is not healthy. */
export const judgeNpu = ({ npu, chip, name, health }: Npu): readonly FindingDraft[] => {
  const word = health.toLowerCase()
  if (word === 'ok') return []
  return [
    {
      kind: 'gpu',
      component: `NPU ${npu}/${chip}`,
      evidenceIds: ['gpu.npu'],
      rule: 'gpu.npu_health',
      severity: isNpuWord(word) ? NPU_SEVERITIES[word] : 'warning',
      title: text(
        `NPU ${npu} 芯片 ${chip}(${name})健康状态为 ${health}`,
        `NPU ${npu} chip ${chip} (${name}) reports health ${health}`,
      ),
      nextStep: text(
        `执行 \`npu-smi info -t health -i ${npu}\` 看错误码。`,
        `Run \`npu-smi info -t health -i ${npu}\` for the error code.`,
      ),
    },
  ]
}
