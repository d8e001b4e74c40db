import type { ReplacementRisk, RiskContribution } from '../../domain/assessment.ts'
import type { SmartDrive, SmartSign, SmartThresholds } from '../../domain/facts/disk.ts'
import { type Text, text } from '../../domain/text.ts'
import { numberText } from '../finding/quantity-text.ts'

const SIGN_NAMES: Readonly<Record<SmartSign, Text>> = {
  healthFailed: text('自检判定失败', 'self-assessment failed'),
  failingAttributes: text('已低于阈值的属性', 'attributes at their threshold'),
  pastFailedAttributes: text('曾低于阈值的属性', 'attributes that failed in the past'),
  nvmeCriticalWarning: text('NVMe 严重告警', 'NVMe critical warning'),
  reallocatedSectors: text('已重映射扇区', 'reallocated sectors'),
  pendingSectors: text('待映射扇区', 'pending sectors'),
  offlineUncorrectable: text('离线不可纠正扇区', 'offline uncorrectable sectors'),
  reportedUncorrectable: text('上报的不可纠正错误', 'reported uncorrectable errors'),
  commandTimeouts: text('命令超时', 'command timeouts'),
  mediaErrors: text('介质错误', 'media errors'),
  grownDefects: text('增长缺陷', 'grown defects'),
  scsiUncorrectedErrors: text('未纠正错误', 'uncorrected errors'),
  failedSelfTests: text('失败的自检', 'failed self-tests'),
  wearPercent: text('寿命消耗 %', 'wear %'),
  powerOnHours: text('通电小时', 'power-on hours'),
}

function readingsOf(drive: SmartDrive): Readonly<Record<SmartSign, number | null>> {
  return {
    healthFailed: drive.healthPassed === null ? null : drive.healthPassed ? 0 : 1,
    failingAttributes: drive.failingAttributes.length,
    pastFailedAttributes: drive.pastFailedAttributes.length,
    nvmeCriticalWarning: drive.nvmeCriticalWarning,
    reallocatedSectors: drive.reallocatedSectors,
    pendingSectors: drive.pendingSectors,
    offlineUncorrectable: drive.offlineUncorrectable,
    reportedUncorrectable: drive.reportedUncorrectable,
    commandTimeouts: drive.details?.commandTimeouts ?? null,
    mediaErrors: drive.mediaErrors,
    grownDefects: drive.grownDefects,
    scsiUncorrectedErrors: drive.scsiUncorrectedErrors,
    failedSelfTests: drive.details?.selfTests?.failedCount ?? null,
    wearPercent: drive.wearPercent,
    powerOnHours: drive.powerOnHours,
  }
}

/**
 * Returns the risk of a drive with what it is made of, or null for a drive that said nothing: unknown is not 0. Signs add
 * up as if independent, 1 − Π(1 − risk): never below the largest, never above 100.
 */
export function assessReplacementRisk(
  drive: SmartDrive,
  thresholds: SmartThresholds,
): ReplacementRisk | null {
  const readings = Object.entries(readingsOf(drive))
  const saidAnything =
    (drive.details?.attributes.length ?? 0) > 0 || readings.some(([, reading]) => (reading ?? 0) > 0)
  if (!saidAnything && drive.healthPassed === null) return null
  const contributions = readings.flatMap(([name, reading]): readonly RiskContribution[] => {
    // Object.entries widens the keys of the record above to string.
    const sign = name as SmartSign
    const step = thresholds[sign].steps.filter(({ from }) => reading !== null && reading >= from).at(-1)
    return step === undefined || reading === null ? [] : [{ sign, reading, riskPercent: step.riskPercent }]
  })
  const survival = contributions.reduce((share, { riskPercent }) => share * (1 - riskPercent / 100), 1)
  return {
    scorePercent: Math.round(100 * (1 - survival)),
    contributions: contributions.sort((one, other) => other.riskPercent - one.riskPercent),
  }
}

/** Returns a line such as `replacement risk 71: pending sectors 8 (+68), reallocated sectors 5 (+8)`. */
export function describeRisk({ scorePercent, contributions }: ReplacementRisk): Text {
  if (contributions.length === 0)
    return text(`更换风险 ${scorePercent}/100`, `Replacement risk ${scorePercent}/100`)
  const parts = (language: 'zh' | 'en'): readonly string[] =>
    contributions.map(
      ({ sign, reading, riskPercent }) =>
        `${SIGN_NAMES[sign][language]} ${numberText(reading)} (+${riskPercent})`,
    )
  return text(
    `更换风险 ${scorePercent}/100:${parts('zh').join('、')}`,
    `Replacement risk ${scorePercent}/100: ${parts('en').join(', ')}`,
  )
}
