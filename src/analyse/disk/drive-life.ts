import type { SmartDrive } from '../../domain/facts/disk.ts'
import { text } from '../../domain/text.ts'
import type { FindingDraft } from '../finding/make-finding.ts'
import { durationText, percentText } from '../finding/quantity-text.ts'
import { DISK_LIMITS } from './disk-limits.ts'

const HOUR_MS = 3_600_000

/**
 * Returns the hours until the rated endurance is used up at the pace since the drive was new, 0 when it is used up, or
 * null when that cannot be told: wear or hours not printed, too young, or not worn yet.
 */
export function remainingLifeHours(drive: SmartDrive): number | null {
  const { wearPercent, powerOnHours } = drive
  if (wearPercent === null || powerOnHours === null) return null
  if (wearPercent >= 100) return 0
  if (wearPercent < 1 || powerOnHours < DISK_LIMITS.youngestForLifeHours.limit) return null
  return (powerOnHours * (100 - wearPercent)) / wearPercent
}

/** Returns a finding on a drive whose rated endurance ends within the planning time. */
export function lifeDrafts(
  drive: SmartDrive,
  place: Pick<FindingDraft, 'kind' | 'component' | 'evidenceIds'>,
  name: string,
): readonly FindingDraft[] {
  const hours = remainingLifeHours(drive)
  if (hours === null || hours > DISK_LIMITS.planLifeHours.limit) return []
  const wear = percentText(drive.wearPercent ?? 0)
  const left = durationText(hours * HOUR_MS)
  return [
    {
      ...place,
      rule: 'disk.wear_ending',
      severity: 'warning',
      title:
        hours === 0
          ? text(
              `硬盘 ${name} 额定写入寿命已用尽(${wear})`,
              `Drive ${name} has used up its rated endurance (${wear})`,
            )
          : text(
              `硬盘 ${name} 已用寿命 ${wear},按至今的速度约剩 ${left.zh}通电时间`,
              `Drive ${name} has used ${wear} of its endurance; at the pace so far about ${left.en} of running are left`,
            ),
      cause: text(
        '额定寿命是保修边界,不是故障时刻;部分硬盘用尽后转为只读。',
        'The rated endurance bounds the warranty, not the life; some drives turn read-only when it ends.',
      ),
      nextStep: text('列入更换计划,查明谁在写。', 'Plan the replacement and find out what writes.'),
    },
  ]
}
