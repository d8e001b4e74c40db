import type { DiskFacts, MdArray } from '../../domain/facts/disk.ts'
import type { Finding, Severity } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { type FindingDraft, makeFinding } from '../finding/make-finding.ts'
import { listText, percentText } from '../finding/quantity-text.ts'

/** How many members a level may lose before data is gone. Source: Linux md(4). RAID 10 depends on which ones. */
const REDUNDANT_MEMBERS: ReadonlyMap<string, number> = new Map([
  ['linear', 0],
  ['raid0', 0],
  ['raid4', 1],
  ['raid5', 1],
  ['raid6', 2],
])

/** Returns findings on software RAID: arrays that are down, degraded, or being rebuilt. */
export function assessRaid(input: AssessmentInput, disk: DiskFacts): readonly Finding[] {
  const arrays = outcomeValue(disk.mdArrays) ?? []
  return arrays.flatMap(assessArray).map((draft) => makeFinding(input, draft))
}

const placeOf = (array: MdArray) =>
  ({ kind: 'drive', component: array.name, evidenceIds: ['disk.md_arrays'] }) as const

function assessArray(array: MdArray): readonly FindingDraft[] {
  const missingCount = Math.max(
    0,
    (array.memberCount ?? 0) - (array.activeMemberCount ?? array.memberCount ?? 0),
  )
  const isDown = /inactive|failed|broken/i.test(array.state)
  if (isDown || missingCount > 0 || array.failedMembers.length > 0)
    return [degradedDraft(array, { missingCount, isDown })]
  return array.operation === 'recovery' || array.operation === 'reshape' || array.operation === 'resync'
    ? [rebuildingDraft(array, array.operation)]
    : []
}

function degradedSeverity(array: MdArray, missingCount: number): Severity {
  const lostCount = Math.max(missingCount, array.activeMemberCount === null ? array.failedMembers.length : 0)
  const mirrorGone = array.level === 'raid1' && array.activeMemberCount === 0
  const spare = REDUNDANT_MEMBERS.get(array.level ?? '')
  const unprotected = array.level === 'raid0' || array.level === 'linear'
  if (mirrorGone || (unprotected && array.failedMembers.length > 0)) return 'critical'
  return spare !== undefined && lostCount > spare ? 'critical' : 'urgent'
}

function degradedDraft(
  array: MdArray,
  { missingCount, isDown }: { readonly missingCount: number; readonly isDown: boolean },
): FindingDraft {
  const level = array.level ?? '?'
  const members =
    array.memberCount === null || array.activeMemberCount === null
      ? text('', '')
      : text(
          `,${array.activeMemberCount}/${array.memberCount} 个成员在线`,
          `, ${array.activeMemberCount} of ${array.memberCount} members active`,
        )
  const failed = listText(array.failedMembers)
  const failedText =
    array.failedMembers.length === 0 ? text('', '') : text(`,失效:${failed.zh}`, `, failed: ${failed.en}`)
  const progress = operationText(array)
  const [zh, en] = isDown
    ? ['未运行', 'is not running']
    : missingCount > 0
      ? ['已降级', 'is degraded']
      : ['有失效成员', 'has failed members']
  return {
    ...placeOf(array),
    rule: 'disk.raid_degraded',
    severity: isDown ? 'critical' : degradedSeverity(array, missingCount),
    title: text(
      `阵列 ${array.name}(${level})${zh}(${array.state})${members.zh}${failedText.zh}${progress.zh}`,
      `Array ${array.name} (${level}) ${en} (${array.state})${members.en}${failedText.en}${progress.en}`,
    ),
    nextStep: isDown
      ? text(
          '不要强制重建;先备份成员盘,再用 mdadm --examine 核对。',
          'Do not force it; image the members first, then compare them with mdadm --examine.',
        )
      : text(
          '确认备份,更换失效成员盘并加入阵列;重建期间勿再拔盘。',
          'See that there is a backup, replace the failed member and add it; pull no other drive while it rebuilds.',
        ),
  }
}

function rebuildingDraft(array: MdArray, operation: string): FindingDraft {
  const progress = operationText(array)
  return {
    ...placeOf(array),
    rule: 'disk.raid_rebuilding',
    severity: operation === 'recovery' ? 'warning' : 'info',
    title: text(
      `阵列 ${array.name}(${array.level ?? '?'})正在同步${progress.zh}`,
      `Array ${array.name} (${array.level ?? '?'}) is being synchronised${progress.en}`,
    ),
    nextStep: text('完成前降低负载、勿拔盘。', 'Keep the load low and pull no drive until it is done.'),
  }
}

function operationText(array: MdArray) {
  if (array.operation === null) return text('', '')
  const percent = array.operationPercent === null ? '' : ` ${percentText(array.operationPercent)}`
  return text(`,${array.operation}${percent}`, `, ${array.operation}${percent}`)
}
