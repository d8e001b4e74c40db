import { outcomeValue, type SectionOutcome } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import { fact } from './observed.ts'
import type { ComparablePart } from './observed-parts.ts'

const readOf = <T>(outcome: SectionOutcome<T> | undefined): T | null =>
  outcome === undefined ? null : outcomeValue(outcome)

/** Virtual functions come and go with the virtual machines that use them. */
const cards: ComparablePart = {
  area: 'network',
  probe: 'network',
  sectionId: 'network.interfaces',
  observe: ({ network }) =>
    readOf(network?.interfaces)
      ?.filter(({ isVirtualFunction }) => !isVirtualFunction)
      .map((card) => ({
        key: card.name,
        name: text(`网卡 ${card.name}`, `Network card ${card.name}`),
        facts: [
          fact('state', text('状态', 'state'), card.operationalState),
          fact('speed', text('速率 Mbit/s', 'speed in Mbit/s'), card.speedMegabits),
          fact('duplex', text('双工', 'duplex'), card.duplex),
          fact('driver', text('驱动', 'driver'), card.driver),
        ],
      })) ?? null,
}

const bonds: ComparablePart = {
  area: 'network',
  probe: 'network',
  sectionId: 'network.bonds',
  observe: ({ network }) =>
    readOf(network?.bonds)?.map((bond) => ({
      key: bond.name,
      name: text(`绑定 ${bond.name}`, `Bond ${bond.name}`),
      facts: [
        fact('active', text('活动成员', 'active member'), bond.activeMember),
        fact(
          'members',
          text('成员', 'members'),
          bond.members
            .map(({ name }) => name)
            .toSorted()
            .join(', '),
        ),
        fact('up', text('可用成员', 'members up'), bond.members.filter(({ up }) => up === true).length),
      ],
    })) ?? null,
}

const accelerators: ComparablePart = {
  area: 'gpu',
  probe: 'gpu',
  sectionId: 'gpu.pci',
  observe: ({ gpu }) =>
    readOf(gpu?.pci)?.map(({ address, vendor, driver }) => ({
      key: address,
      name: text(`加速卡 ${address}(${vendor})`, `Accelerator ${address} (${vendor})`),
      facts: [fact('driver', text('驱动', 'driver'), driver)],
    })) ?? null,
}

/** By UUID: the index of a card changes when another one is lost. */
const nvidia: ComparablePart = {
  area: 'gpu',
  probe: 'gpu',
  sectionId: 'gpu.nvidia',
  observe: ({ gpu }) =>
    readOf(gpu?.nvidia)?.gpus.map((card) => ({
      key: card.uuid ?? card.busId ?? String(card.index),
      name: text(`GPU ${card.name ?? ''} ${card.busId ?? ''}`, `GPU ${card.name ?? ''} ${card.busId ?? ''}`),
      facts: [
        fact('driver', text('驱动', 'driver'), card.driverVersion),
        fact('firmware', text('固件', 'firmware'), card.firmwareVersion),
        { ...fact('bus', text('位置', 'place'), card.busId), isPlace: true },
      ],
    })) ?? null,
}

const ascend: ComparablePart = {
  area: 'gpu',
  probe: 'gpu',
  sectionId: 'gpu.npu',
  observe: ({ gpu }) =>
    readOf(gpu?.npu)?.map(({ npu, chip, name, health }) => ({
      key: `${npu}/${chip}`,
      name: text(`NPU ${npu}/${chip}(${name})`, `NPU ${npu}/${chip} (${name})`),
      facts: [fact('health', text('健康', 'health'), health)],
    })) ?? null,
}

const bmc: ComparablePart = {
  area: 'firmware',
  probe: 'sensors',
  sectionId: 'sensors.bmc',
  observe: ({ sensors }) => {
    const found = readOf(sensors?.bmc)
    if (found === null) return null
    const firmware = fact('firmware', text('固件', 'firmware'), found.firmwareVersion)
    return [{ key: 'bmc', name: text('BMC', 'BMC'), facts: [firmware] }]
  },
}

/** Cards and the management controller. */
export const DEVICE_PARTS: readonly ComparablePart[] = [cards, bonds, accelerators, nvidia, ascend, bmc]
