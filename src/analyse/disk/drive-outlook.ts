import type { DriveOutlook } from '../../domain/assessment.ts'
import type { DiskFacts, SmartThresholds } from '../../domain/facts/disk.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { remainingLifeHours } from './drive-life.ts'
import { assessReplacementRisk, describeRisk } from './replacement-risk.ts'

/** Returns what is expected of each drive, in their order; none when the drives were not read. */
export function outlookOfDrives(
  disk: DiskFacts | undefined,
  thresholds: SmartThresholds | undefined,
): readonly DriveOutlook[] {
  const drives = disk === undefined ? null : outcomeValue(disk.smart)
  return (drives ?? []).map((drive) => {
    const risk = thresholds === undefined ? null : assessReplacementRisk(drive, thresholds)
    return {
      device: drive.device,
      risk: risk === null ? null : { ...risk, explanation: describeRisk(risk) },
      remainingLifeHours: remainingLifeHours(drive),
    }
  })
}
