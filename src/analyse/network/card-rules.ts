import type { LinkAbility, NetworkCard } from '../../domain/facts/network.ts'
import { text } from '../../domain/text.ts'
import type { FindingDraft } from '../finding/make-finding.ts'
import { numberText } from '../finding/quantity-text.ts'
import { NETWORK_LIMITS } from './network-limits.ts'

const CARDS = 'network.interfaces'

/** How counters moved since the inspection before; since the driver was loaded where there is none to compare with. */
export interface CardGrowth {
  readonly card: NetworkCard
  readonly isSinceLast: boolean
  readonly packets: number | null
  readonly errors: number | null
  readonly crcErrors: number | null
  readonly missed: number | null
  /** Null without an inspection before. */
  readonly linkChanges: number | null
}

const minus = (now: number | null, before: number | null): number | null =>
  now === null || before === null ? null : now - before

/** Returns the growth of a card's counters. Counters that fell were reset by a restart: they count from zero then. */
export function growthOf(card: NetworkCard, before: NetworkCard | undefined): CardGrowth {
  const packets = minus(card.received.packets, before?.received.packets ?? null)
  const errors = minus(card.received.errors, before?.received.errors ?? null)
  const isSinceLast = packets !== null && errors !== null && packets >= 0 && errors >= 0
  if (!isSinceLast)
    return {
      card,
      isSinceLast,
      packets: card.received.packets,
      errors: card.received.errors,
      crcErrors: card.receivedCrcErrors,
      missed: card.receivedMissed,
      linkChanges: null,
    }
  return {
    card,
    isSinceLast,
    packets,
    errors,
    crcErrors: minus(card.receivedCrcErrors, before?.receivedCrcErrors ?? null),
    missed: minus(card.receivedMissed, before?.receivedMissed ?? null),
    linkChanges: minus(card.carrierChanges, before?.carrierChanges ?? null),
  }
}

const place = (name: string, evidenceIds: readonly string[]) =>
  ({ kind: 'network', component: name, evidenceIds }) as const

const since = ({ isSinceLast }: CardGrowth) =>
  isSinceLast
    ? text('自上次巡检以来', 'since the last inspection')
    : text('自驱动加载以来', 'since its driver was loaded')

/** Share of bad frames; null when too few were seen, or none is known. */
function badRatio(bad: number | null, packets: number | null): number | null {
  if (bad === null || packets === null || bad < NETWORK_LIMITS.fewestFrames.limit) return null
  return bad / (packets + bad)
}

const shareText = (ratio: number): string => `${numberText(ratio * 100, 4)}%`

/** Returns errors that grew (or are many) against the frames received. */
export function receiveErrors(growth: CardGrowth): readonly FindingDraft[] {
  const { card, errors, crcErrors, packets } = growth
  const ratio = badRatio(errors, packets)
  if (errors === null || ratio === null || ratio < NETWORK_LIMITS.receiveErrorRatio.limit) return []
  const isCable = crcErrors !== null && crcErrors * 2 >= errors
  const when = since(growth)
  return [
    {
      ...place(card.name, [CARDS]),
      rule: 'network.receive_errors',
      severity: 'warning',
      title: text(
        `网卡 ${card.name} ${when.zh}收到 ${errors} 个坏帧(${shareText(ratio)})`,
        `Card ${card.name} received ${errors} bad frames (${shareText(ratio)}) ${when.en}`,
      ),
      cause: isCable
        ? text(
            `其中 ${crcErrors} 个校验错误:网线、光模块、光纤或交换机端口有问题。`,
            `${crcErrors} of them failed their checksum: cable, optical module, fibre or switch port.`,
          )
        : text('驱动未说明错误种类。', 'The driver does not say of what kind.'),
      nextStep: text(
        `更换网线或光模块,换一个交换机端口,再看 \`ethtool -S ${card.name}\` 是否继续增长。`,
        `Replace cable or module, try another switch port, and see in \`ethtool -S ${card.name}\` whether it still grows.`,
      ),
    },
  ]
}

/** Returns frames that the machine was too slow to take. */
export function missedFrames(growth: CardGrowth): readonly FindingDraft[] {
  const { card, missed, packets } = growth
  const ratio = badRatio(missed, packets)
  if (missed === null || ratio === null || ratio < NETWORK_LIMITS.missedRatio.limit) return []
  const when = since(growth)
  return [
    {
      ...place(card.name, [CARDS]),
      rule: 'network.receive_missed',
      severity: 'warning',
      title: text(
        `网卡 ${card.name} ${when.zh}丢失 ${missed} 帧(${shareText(ratio)}),来不及接收`,
        `Card ${card.name} lost ${missed} frames (${shareText(ratio)}) ${when.en} for want of room`,
      ),
      cause: text(
        '接收缓冲太小,或处理中断的 CPU 太忙。',
        'The receive ring is too small, or the CPU that serves its interrupts is too busy.',
      ),
      nextStep: text(
        `用 \`ethtool -g ${card.name}\` 看接收环大小并调大;检查中断是否集中在一个 CPU。`,
        `See the ring with \`ethtool -g ${card.name}\` and enlarge it; see whether one CPU takes all interrupts.`,
      ),
    },
  ]
}

/** Returns a link that came and went between two inspections. */
export function flappingLink({ card, linkChanges }: CardGrowth): readonly FindingDraft[] {
  if (linkChanges === null || linkChanges <= NETWORK_LIMITS.linkChangesBetweenInspections.limit) return []
  return [
    {
      ...place(card.name, [CARDS]),
      rule: 'network.link_flapping',
      severity: 'warning',
      title: text(
        `网卡 ${card.name} 的链路自上次巡检以来通断 ${linkChanges} 次`,
        `The link of card ${card.name} changed ${linkChanges} times since the last inspection`,
      ),
      nextStep: text(
        '检查网线、光模块与交换机端口日志。',
        'Check cable, module and the log of the switch port.',
      ),
    },
  ]
}

const speedText = (megabits: number): string =>
  megabits >= 1000 ? `${numberText(megabits / 1000)} Gbit/s` : `${megabits} Mbit/s`

/** Returns a link slower than card and other end can do. Where the other end is not known, only what a healthy link never does counts as a warning. */
export function slowLink(card: NetworkCard, ability: LinkAbility | undefined): readonly FindingDraft[] {
  const speed = card.speedMegabits ?? ability?.speedMegabits ?? null
  const supported = ability?.supportedMegabits ?? null
  if (card.hasCarrier !== true || speed === null || supported === null) return []
  const partner = ability?.partnerMegabits ?? null
  const possible = partner === null ? supported : Math.min(supported, partner)
  if (speed >= possible) return []
  const isCertain = partner !== null
  return [
    {
      ...place(card.name, [CARDS, 'network.links']),
      rule: 'network.link_slow',
      severity: isCertain ? 'warning' : 'info',
      title: text(
        `网卡 ${card.name} 以 ${speedText(speed)} 连接,${isCertain ? '两端' : '网卡'}支持 ${speedText(possible)}`,
        `Card ${card.name} is linked at ${speedText(speed)}; ${isCertain ? 'both ends can do' : 'the card can do'} ${speedText(possible)}`,
      ),
      cause: isCertain
        ? text('网线线对不良或协商被限制。', 'A bad pair in the cable, or negotiation was limited.')
        : text(
            '对端速率未知:可能就是对端或光模块的速率。',
            'The other end is not known: it, or the module, may be that slow.',
          ),
      nextStep: text(
        '检查网线等级、光模块与交换机端口设置。',
        'Check the grade of the cable, the module and the settings of the switch port.',
      ),
    },
  ]
}

/** Returns a link in half duplex: on any switch of today negotiation has failed. */
export function halfDuplex(card: NetworkCard): readonly FindingDraft[] {
  if (card.hasCarrier !== true || card.duplex !== 'half') return []
  return [
    {
      ...place(card.name, [CARDS]),
      rule: 'network.half_duplex',
      severity: 'warning',
      title: text(`网卡 ${card.name} 工作在半双工`, `Card ${card.name} runs in half duplex`),
      cause: text(
        '一端固定了速率、另一端自动协商时会这样。',
        'This happens when one end has a fixed speed and the other negotiates.',
      ),
      nextStep: text('两端都设为自动协商。', 'Let both ends negotiate.'),
    },
  ]
}
