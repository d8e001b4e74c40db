import type { Bond } from '../../domain/facts/network.ts'
import { text } from '../../domain/text.ts'
import type { FindingDraft } from '../finding/make-finding.ts'
import { listText } from '../finding/quantity-text.ts'

const place = ({ name }: Bond) =>
  ({ kind: 'network', component: name, evidenceIds: ['network.bonds'] }) as const

/** Returns a bond with members that are down. */
function degraded(bond: Bond): readonly FindingDraft[] {
  const down = bond.members.filter(({ up }) => up === false).map(({ name }) => name)
  const upCount = bond.members.filter(({ up }) => up === true).length
  if (down.length === 0) return []
  const names = listText(down)
  return [
    {
      ...place(bond),
      rule: 'network.bond_degraded',
      severity: upCount === 0 ? 'critical' : upCount === 1 ? 'urgent' : 'warning',
      title: text(
        `聚合 ${bond.name} 的成员 ${names.zh} 断开,剩 ${upCount} 个可用`,
        `Bond ${bond.name}: member ${names.en} is down, ${upCount} left`,
      ),
      cause:
        upCount === 1
          ? text(
              '已无冗余:再断一条链路就中断。',
              'No redundancy is left: the next lost link cuts the server off.',
            )
          : null,
      nextStep: text(
        '检查该成员的网线、光模块与交换机端口。',
        'Check cable, module and switch port of that member.',
      ),
    },
  ]
}

/** Returns a bond that is no redundancy at all. */
function singleMember(bond: Bond): readonly FindingDraft[] {
  if (bond.members.length !== 1) return []
  return [
    {
      ...place(bond),
      rule: 'network.bond_single_member',
      severity: 'info',
      title: text(`聚合 ${bond.name} 只有一个成员`, `Bond ${bond.name} has one member only`),
      cause: text(
        '另一个成员可能未加入,或本来只配了一个。',
        'The other one may have failed to join, or only one was configured.',
      ),
    },
  ]
}

const NO_PARTNER = '00:00:00:00:00:00'

/** Returns an 802.3ad bond whose switch does not take part, or not with all members. */
function withoutLacp(bond: Bond): readonly FindingDraft[] {
  const outside = bond.members
    .filter(
      ({ up, aggregatorId }) => up === true && aggregatorId !== null && aggregatorId !== bond.aggregatorId,
    )
    .map(({ name }) => name)
  const isAlone = bond.partnerMac === NO_PARTNER
  if (!isAlone && (bond.aggregatorId === null || outside.length === 0)) return []
  const names = listText(outside)
  return [
    {
      ...place(bond),
      rule: 'network.bond_lacp',
      severity: 'warning',
      title: isAlone
        ? text(`聚合 ${bond.name} 没有 LACP 对端`, `Bond ${bond.name} has no LACP partner`)
        : text(
            `聚合 ${bond.name} 的成员 ${names.zh} 不在使用中的聚合组`,
            `Bond ${bond.name}: member ${names.en} is outside of the aggregate in use`,
          ),
      cause: text(
        '交换机端口未配置 LACP,或端口属于不同的聚合组。',
        'The switch ports do not speak LACP, or belong to different groups.',
      ),
      nextStep: text('核对交换机端口的聚合配置。', 'Check the aggregation settings of the switch ports.'),
    },
  ]
}

/** Returns what is wrong with a bond. */
export const judgeBond = (bond: Bond): readonly FindingDraft[] => [
  ...degraded(bond),
  ...singleMember(bond),
  ...withoutLacp(bond),
]
