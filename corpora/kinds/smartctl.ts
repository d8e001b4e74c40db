import { judgeSmart } from '../../src/analyse/disk/smart-verdict.ts'
import { readSmartctl, readSmartctlScan } from '../../src/collect/probes/disk/parse-smartctl.ts'
import type { SmartDrive } from '../../src/domain/facts/disk.ts'
import type { CorpusKind, Facts, FactsByFile, Score } from '../corpus-kind.ts'
import { expectedFiles } from '../read-corpus.ts'
import { scoreFacts } from '../score-facts.ts'

const SEVERITIES = {
  critical: 'critical',
  warning: 'warning',
  no_warning_signs: 'ok',
  unknown: 'unknown',
} as const

const idsOf = (drive: SmartDrive, failed: 'now' | 'past'): readonly number[] =>
  (drive.details?.attributes ?? []).filter((row) => row.failed === failed).map(({ id }) => id)

/** The corpus counts as `percentage_used` only what NVMe and SAS drives print of themselves, not an attribute's value. */
const percentageUsed = (drive: SmartDrive): number | null =>
  drive.protocol === 'ATA' ? null : drive.wearPercent

function factsOf(contents: string): Facts {
  const scan = readSmartctlScan(contents)
  if (scan !== null)
    return { scan: true, devices: scan.map(({ device, type, protocol }) => [device, type, protocol]) }
  const drive = readSmartctl('-', contents)
  const passed = drive.healthPassed
  return {
    format: contents.trimStart().startsWith('{') ? 'json' : 'text',
    protocol: drive.protocol,
    model: drive.model,
    serial_present: drive.serialNumber !== null,
    firmware: drive.firmware,
    capacity_bytes: drive.capacityBytes,
    rotation_rpm: drive.details?.rotationRpm ?? null,
    health: passed === null ? 'unknown' : passed ? 'pass' : 'fail',
    temperature_c: drive.temperatureCelsius,
    power_on_hours: drive.powerOnHours,
    power_cycles: drive.details?.powerCycles ?? null,
    reallocated: drive.reallocatedSectors,
    pending: drive.pendingSectors,
    offline_uncorrectable: drive.offlineUncorrectable,
    crc_errors: drive.details?.crcErrors ?? null,
    percentage_used: percentageUsed(drive),
    available_spare: drive.details?.availableSparePercent ?? null,
    media_errors: drive.mediaErrors,
    critical_warning: drive.nvmeCriticalWarning,
    scsi_grown_defects: drive.grownDefects,
    scsi_uncorrected_total: drive.scsiUncorrectedErrors,
    failing_now_attrs: idsOf(drive, 'now'),
    failed_past_attrs: idsOf(drive, 'past'),
    exit_status: drive.details?.exitStatus ?? null,
    severity_by_rule: SEVERITIES[judgeSmart(drive).verdict],
  }
}

/** Not facts of the drive: a second right model, and a remark. Severity has a metric of its own. */
const NOT_FACTS = ['model_also_ok', 'note', 'severity_by_rule']

function scoreSeverity(expected: FactsByFile, answers: FactsByFile): Record<string, number | null> {
  const drives = [...expected].filter(([, facts]) => facts['severity_by_rule'] !== undefined)
  const severityOf = (facts: Facts | undefined): unknown => facts?.['severity_by_rule'] ?? null
  const right = drives.filter(([file, facts]) => severityOf(answers.get(file)) === severityOf(facts))
  const failing = drives.filter(([, facts]) => ['critical', 'warning'].includes(String(severityOf(facts))))
  return {
    severity: drives.length === 0 ? null : right.length / drives.length,
    failing_called_healthy: failing.filter(([file]) => severityOf(answers.get(file)) === 'ok').length,
  }
}

function score(expected: FactsByFile, answers: FactsByFile): Score {
  const fieldsOf = (file: string): readonly string[] =>
    Object.keys(expected.get(file) ?? {}).filter((field) => !NOT_FACTS.includes(field))
  const { accuracy, mistakes } = scoreFacts(expected, answers, fieldsOf, {
    model: (_wanted, got, file) => got !== null && got === expected.get(file)?.['model_also_ok'],
  })
  return { metrics: { facts: accuracy, ...scoreSeverity(expected, answers) }, mistakes }
}

/** `smartctl` of one drive as JSON or text, and `smartctl --scan`. */
export const smartctlKind: CorpusKind = { kind: 'smartctl', files: expectedFiles, answer: factsOf, score }
