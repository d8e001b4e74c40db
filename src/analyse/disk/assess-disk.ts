import type { Finding } from '../../domain/finding.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { assessArrays } from './array-rules.ts'
import { assessDrives } from './drive-rules.ts'
import { assessFilesystems } from './filesystem-rules.ts'
import { assessHardwareRaid } from './hardware-raid-rules.ts'
import { assessRaid } from './raid-rules.ts'

/** Returns what is wrong with a server's filesystems, arrays and drives; empty when its disks were not inspected. */
export function assessDisk(input: AssessmentInput): readonly Finding[] {
  const { disk } = input.inspection.facts
  if (disk === undefined) return []
  return [
    ...assessFilesystems(input, disk),
    ...assessRaid(input, disk),
    ...assessArrays(input, disk),
    ...assessHardwareRaid(input, disk),
    ...assessDrives(input, disk),
  ]
}
