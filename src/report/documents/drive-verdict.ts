import type { SmartDrive } from '../../domain/facts/disk.ts'
import type { Finding } from '../../domain/finding.ts'
import type { DriveEntry } from './disk-schema.ts'

type Verdict = Pick<DriveEntry, 'verdict' | 'decided_by'>

/**
 * Returns the verdict on a drive with the attributes that decided it: the worst of what the findings on it say and of
 * what the drive says of itself. `unknown` when it gave nothing that could be judged.
 * Source of the signs: smartmontools smartctl(8) (overall health, WHEN_FAILED); NVMe Base Specification 2.0 figure
 * "SMART / Health Information" (Critical Warning, Media Errors); pending, uncorrectable and reallocated sectors are the
 * attributes that foretell failure in the large drive studies (Backblaze 2014–2024; Pinheiro et al., FAST 2007).
 */
export function driveVerdict(drive: SmartDrive, findings: readonly Finding[]): Verdict {
  const critical = criticalSigns(drive)
  const warnings = warningSigns(drive)
  const severities = findings.filter((finding) => isAbout(finding, drive)).map(({ severity }) => severity)
  const judgedCritical = severities.some((severity) => severity === 'critical' || severity === 'urgent')
  const signs = [...critical, ...warnings]
  if (critical.length > 0 || judgedCritical)
    return { verdict: 'critical', decided_by: withTraits(signs, drive) }
  if (warnings.length > 0 || severities.includes('warning'))
    return { verdict: 'warning', decided_by: withTraits(signs, drive) }
  return { verdict: saidAnything(drive) ? 'no_warning_signs' : 'unknown', decided_by: [] }
}

const bareName = (device: string): string => device.replace(/^\/dev\//, '')

const isAbout = ({ subject }: Finding, drive: SmartDrive): boolean =>
  subject.kind === 'drive' &&
  subject.component !== null &&
  bareName(subject.component) === bareName(drive.device)

function criticalSigns(drive: SmartDrive): Verdict['decided_by'] {
  const signs: Verdict['decided_by'] = []
  if (drive.healthPassed === false) signs.push({ attribute: 'health_passed', reading: false })
  for (const name of drive.failingAttributes) signs.push({ attribute: name, reading: 'FAILING_NOW' })
  if (isAbove(drive.nvmeCriticalWarning, 0))
    signs.push({ attribute: 'nvme_critical_warning', reading: drive.nvmeCriticalWarning })
  return signs
}

function warningSigns(drive: SmartDrive): Verdict['decided_by'] {
  const counters = {
    reallocated_sectors: drive.reallocatedSectors,
    pending_sectors: drive.pendingSectors,
    offline_uncorrectable: drive.offlineUncorrectable,
    reported_uncorrectable: drive.reportedUncorrectable,
    media_errors: drive.mediaErrors,
    grown_defects: drive.grownDefects,
    scsi_uncorrected_errors: drive.scsiUncorrectedErrors,
  }
  const signs: Verdict['decided_by'] = []
  for (const [attribute, reading] of Object.entries(counters))
    if (isAbove(reading, 0)) signs.push({ attribute, reading })
  for (const name of drive.pastFailedAttributes) signs.push({ attribute: name, reading: 'In_the_past' })
  if (isAbove(drive.wearPercent, 99)) signs.push({ attribute: 'wear_percent', reading: drive.wearPercent })
  return signs
}

/** A finding on wear or temperature alone shows no counter: those two are then what decided. */
function withTraits(signs: Verdict['decided_by'], drive: SmartDrive): Verdict['decided_by'] {
  if (signs.length > 0) return signs
  const traits: Verdict['decided_by'] = []
  if (drive.wearPercent !== null) traits.push({ attribute: 'wear_percent', reading: drive.wearPercent })
  if (drive.temperatureCelsius !== null)
    traits.push({ attribute: 'temperature_celsius', reading: drive.temperatureCelsius })
  return traits
}

const saidAnything = (drive: SmartDrive): boolean =>
  [
    drive.healthPassed,
    drive.reallocatedSectors,
    drive.pendingSectors,
    drive.offlineUncorrectable,
    drive.reportedUncorrectable,
    drive.mediaErrors,
    drive.nvmeCriticalWarning,
    drive.wearPercent,
    drive.grownDefects,
    drive.scsiUncorrectedErrors,
  ].some((reading) => reading !== null)

const isAbove = (reading: number | null, limit: number): reading is number =>
  reading !== null && reading > limit
