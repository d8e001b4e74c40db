import type { BlockDevice, DiskFacts, SmartDrive, SmartThresholds } from '../../domain/facts/disk.ts'
import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { type FindingDraft, makeFinding } from '../finding/make-finding.ts'
import { numberText } from '../finding/quantity-text.ts'
import { isVirtualMachine } from '../server/is-virtual-machine.ts'
import { DISK_LIMITS } from './disk-limits.ts'
import { lifeDrafts } from './drive-life.ts'
import { signDrafts, unansweredDraft } from './drive-sign-rules.ts'
import { assessReplacementRisk, describeRisk } from './replacement-risk.ts'
import { judgeSmart } from './smart-verdict.ts'

/** Returns findings on the drives themselves: what SMART says, wear, the link to them, and their temperature. */
export function assessDrives(input: AssessmentInput, disk: DiskFacts): readonly Finding[] {
  const drives = outcomeValue(disk.smart) ?? []
  const devices = outcomeValue(disk.blockDevices) ?? []
  const isVirtual = isVirtualMachine(input.inspection)
  const drafts = drives.flatMap((drive) => [
    ...smartDrafts(drive, isVirtual).map((draft) => withRisk(draft, drive, input.smartThresholds)),
    ...uncorrectableReported(drive),
    ...lifeDrafts(drive, placeOf(drive), describeDrive(drive)),
    ...signDrafts(drive, placeOf(drive), describeDrive(drive)),
    ...temperatureDrafts(drive, isRotating(drive, devices)),
  ])
  return drafts.map((draft) => makeFinding(input, draft))
}

/** The risk and what it is made of stand in the cause of the SMART verdict. */
function withRisk(
  draft: FindingDraft,
  drive: SmartDrive,
  thresholds: SmartThresholds | undefined,
): FindingDraft {
  const risk = thresholds === undefined ? null : assessReplacementRisk(drive, thresholds)
  if (risk === null || risk.contributions.length === 0) return draft
  const line = describeRisk(risk)
  const cause = draft.cause ?? null
  return {
    ...draft,
    cause: cause === null ? line : text(`${line.zh}。${cause.zh}`, `${line.en}. ${cause.en}`),
  }
}

const placeOf = (drive: SmartDrive) =>
  ({ kind: 'drive', component: deviceName(drive), evidenceIds: ['disk.smart'] }) as const

const deviceName = (drive: SmartDrive): string => drive.device.replace(/^\/dev\//, '')

function describeDrive(drive: SmartDrive): string {
  const particulars = [drive.model, drive.serialNumber === null ? null : `S/N ${drive.serialNumber}`]
  const known = particulars.filter((one) => one !== null)
  return known.length === 0 ? deviceName(drive) : `${deviceName(drive)} (${known.join(', ')})`
}

function smartDrafts(drive: SmartDrive, isVirtual: boolean): readonly FindingDraft[] {
  const { verdict, reasons } = judgeSmart(drive)
  const name = describeDrive(drive)
  if (verdict === 'no_warning_signs') return []
  if (verdict === 'unknown')
    return isVirtual ? [] : [unansweredDraft(drive, placeOf(drive), name) ?? unknownDraft(drive, name)]
  const zh = reasons.map((reason) => reason.zh).join(';')
  const en = reasons.map((reason) => reason.en).join('; ')
  if (verdict === 'critical')
    return [
      {
        ...placeOf(drive),
        rule: 'disk.smart_critical',
        severity: 'critical',
        title: text(`硬盘 ${name} 即将或已经失效:${zh}`, `Drive ${name} is failing: ${en}`),
        nextStep: text(
          '立即备份数据,确认冗余后更换硬盘。',
          'Back up now; replace the drive once redundancy is confirmed.',
        ),
      },
    ]
  return [
    {
      ...placeOf(drive),
      rule: 'disk.smart_warning',
      severity: 'warning',
      title: text(`硬盘 ${name} 有故障征兆:${zh}`, `Drive ${name} shows warning signs: ${en}`),
      cause: text(
        '多年不变的旧计数与正在增长的计数意义不同:以增长为准。',
        'An old count that stays is not the same as one that grows: growth decides.',
      ),
      nextStep: text(
        '确认备份,观察计数是否增长;增长则更换。',
        'See that there is a backup and whether the count grows; if so, replace it.',
      ),
    },
  ]
}

function unknownDraft(drive: SmartDrive, name: string): FindingDraft {
  return {
    ...placeOf(drive),
    rule: 'disk.smart_unknown',
    severity: 'info',
    title: text(
      `硬盘 ${name} 的健康状态未知(并非健康)`,
      `The health of drive ${name} is unknown (not: healthy)`,
    ),
    cause: text(
      '硬盘没有给出 SMART 自检结论;RAID 卡后的盘或 USB 盘常见。',
      'It gave no SMART self-assessment, as is common behind RAID controllers and USB bridges.',
    ),
    nextStep: text(
      '用 RAID 卡自己的工具查看该盘。',
      'Look at the drive with the tool of its RAID controller.',
    ),
  }
}

/** ATA attribute 187 stands apart from the verdict: it counts what was reported to the host, whatever became of it. */
function uncorrectableReported(drive: SmartDrive): readonly FindingDraft[] {
  const count = drive.reportedUncorrectable ?? 0
  if (count <= 0) return []
  const name = describeDrive(drive)
  return [
    {
      ...placeOf(drive),
      rule: 'disk.smart_reported_uncorrectable',
      severity: 'warning',
      title: text(
        `硬盘 ${name} 向主机报告过 ${numberText(count)} 次不可纠正错误`,
        `Drive ${name} reported ${numberText(count)} uncorrectable error${count === 1 ? '' : 's'} to the host`,
      ),
      cause: text(
        'SMART 属性 187 是 Backblaze 用于预测故障的五个属性之一。',
        'SMART attribute 187 is one of the five that Backblaze goes by.',
      ),
      nextStep: text('确认备份,观察是否增长。', 'See that there is a backup, and whether it grows.'),
    },
  ]
}

/** The drive's own word counts first; null when it cannot be told. */
function isRotating(drive: SmartDrive, devices: readonly BlockDevice[]): boolean | null {
  if (drive.protocol === 'NVMe') return false
  const rpm = drive.details?.rotationRpm ?? null
  if (rpm !== null) return rpm > 0
  return devices.find((device) => device.name === deviceName(drive))?.rotational ?? null
}

function temperatureDrafts(drive: SmartDrive, rotating: boolean | null): readonly FindingDraft[] {
  const celsius = drive.temperatureCelsius
  if (celsius === null) return []
  const name = describeDrive(drive)
  if (
    celsius > DISK_LIMITS.highestPlausibleCelsius.limit ||
    celsius < DISK_LIMITS.lowestPlausibleCelsius.limit
  )
    return [
      {
        ...placeOf(drive),
        rule: 'disk.temperature_implausible',
        severity: 'info',
        title: text(
          `硬盘 ${name} 报告的温度 ${numberText(celsius)} °C 不可信,已忽略`,
          `Drive ${name} reports an implausible ${numberText(celsius)} °C, which is ignored`,
        ),
      },
    ]
  // Where the kind is unknown the higher limit counts, so that an SSD is never taken for a hot hard disk.
  const warningCelsius =
    rotating === true ? DISK_LIMITS.rotatingWarningCelsius : DISK_LIMITS.solidStateWarningCelsius
  if (celsius <= warningCelsius.limit) return []
  const isUrgent = rotating === true && celsius > DISK_LIMITS.rotatingUrgentCelsius.limit
  const limit = isUrgent ? DISK_LIMITS.rotatingUrgentCelsius.limit : warningCelsius.limit
  return [
    {
      ...placeOf(drive),
      rule: 'disk.temperature_high',
      severity: isUrgent ? 'urgent' : 'warning',
      title: text(
        `硬盘 ${name} 温度 ${numberText(celsius)} °C,高于 ${limit} °C`,
        `Drive ${name} is at ${numberText(celsius)} °C, above ${limit} °C`,
      ),
      nextStep: text('检查风扇、风道与机房温度。', 'Check fans, air flow and room temperature.'),
    },
  ]
}
