import type { SmartDrive } from '../../domain/facts/disk.ts'
import { type Text, text } from '../../domain/text.ts'
import { listText, numberText } from '../finding/quantity-text.ts'
import { DISK_LIMITS } from './disk-limits.ts'

/**
 * What SMART says of a drive. `no_warning_signs` is not "healthy": more than a third of failed drives had none
 * (Pinheiro et al., Failure Trends in a Large Disk Drive Population, 2007).
 */
export interface SmartVerdict {
  readonly verdict: 'critical' | 'warning' | 'no_warning_signs' | 'unknown'
  /** The attributes that decided, worst first; empty without a warning sign. */
  readonly reasons: readonly Text[]
}

/** Bits of the NVMe critical warning. Source: NVMe Base Specification 2.0, SMART / Health Information log, byte 0. */
const NVME_WARNINGS: readonly Text[] = [
  text('备用空间低于阈值', 'spare space below its threshold'),
  text('温度超出范围', 'temperature out of range'),
  text('可靠性下降', 'reliability degraded'),
  text('介质已转为只读', 'media is read-only'),
  text('易失性存储备份失效', 'volatile memory backup failed'),
  text('持久内存区不可靠', 'persistent memory region unreliable'),
]

/**
 * Returns the verdict on a drive. Critical: self-assessment failed, an attribute at its threshold now, an NVMe critical
 * warning. Warning: pending, offline-uncorrectable or reallocated sectors, media errors, grown defects, SCSI
 * uncorrected errors, 90 % or more of the endurance used, an attribute that failed in the past. Source: product
 * specification §9, smartmontools' meaning of the fields; limits in {@link DISK_LIMITS}.
 */
export function judgeSmart(drive: SmartDrive): SmartVerdict {
  const critical = criticalReasons(drive)
  const warning = warningReasons(drive)
  if (critical.length > 0) return { verdict: 'critical', reasons: [...critical, ...warning] }
  if (warning.length > 0) return { verdict: 'warning', reasons: warning }
  return { verdict: drive.healthPassed === true ? 'no_warning_signs' : 'unknown', reasons: [] }
}

function criticalReasons(drive: SmartDrive): readonly Text[] {
  const reasons: Text[] = []
  if (drive.healthPassed === false) reasons.push(text('SMART 自检判定:失败', 'SMART self-assessment: FAILED'))
  if (drive.failingAttributes.length > 0) {
    const names = listText(drive.failingAttributes)
    reasons.push(text(`属性已低于阈值:${names.zh}`, `attributes at their threshold now: ${names.en}`))
  }
  const warning = drive.nvmeCriticalWarning ?? 0
  if (warning !== 0) {
    const set = NVME_WARNINGS.filter((_, bit) => (warning & (1 << bit)) !== 0)
    const code = `0x${warning.toString(16).padStart(2, '0')}`
    const zh = listText(set.map((one) => one.zh)).zh
    const en = listText(set.map((one) => one.en)).en
    reasons.push(text(`NVMe 严重告警 ${code}:${zh}`, `NVMe critical warning ${code}: ${en}`))
  }
  return reasons
}

function warningReasons(drive: SmartDrive): readonly Text[] {
  const counters: readonly [number | null, string, string][] = [
    [drive.pendingSectors, '待映射扇区', 'pending sectors'],
    [drive.offlineUncorrectable, '离线不可纠正扇区', 'offline uncorrectable sectors'],
    [drive.reallocatedSectors, '已重映射扇区', 'reallocated sectors'],
    [drive.mediaErrors, '介质错误', 'media errors'],
    [drive.grownDefects, '增长缺陷', 'grown defects'],
    [drive.scsiUncorrectedErrors, '未纠正的读写错误', 'uncorrected read or write errors'],
  ]
  const reasons = counters.flatMap(([count, zh, en]) =>
    count !== null && count > 0 ? [text(`${zh} ${numberText(count)}`, `${en} ${numberText(count)}`)] : [],
  )
  if (drive.wearPercent !== null && drive.wearPercent >= DISK_LIMITS.wearPercent.limit)
    reasons.push(
      text(
        `已用额定寿命 ${numberText(drive.wearPercent)}%`,
        `${numberText(drive.wearPercent)}% of the rated endurance used`,
      ),
    )
  if (drive.pastFailedAttributes.length > 0) {
    const names = listText(drive.pastFailedAttributes)
    reasons.push(text(`属性曾低于阈值:${names.zh}`, `attributes that failed in the past: ${names.en}`))
  }
  return reasons
}
