import { type Language, type Text, text } from '../../domain/text.ts'
import { formatDuration } from '../format-duration.ts'
import type { DriveEntry } from './disk-schema.ts'

/** Names of the verdicts on drives. */
export const DRIVE_VERDICT_TITLES: Readonly<Record<DriveEntry['verdict'], Text>> = {
  critical: text('严重', 'critical'),
  warning: text('警告', 'warning'),
  no_warning_signs: text('未见故障征兆', 'no warning signs'),
  unknown: text('未知', 'unknown'),
}

const SIGN_TITLES: Readonly<Record<string, Text>> = {
  reallocated_sectors: text('已重映射扇区', 'reallocated sectors'),
  pending_sectors: text('待映射扇区', 'pending sectors'),
  offline_uncorrectable: text('离线不可纠正扇区', 'offline uncorrectable sectors'),
  reported_uncorrectable: text('上报的不可纠正错误', 'reported uncorrectable errors'),
  media_errors: text('介质错误', 'media errors'),
  grown_defects: text('增长缺陷', 'grown defects'),
  scsi_uncorrected_errors: text('未纠正的读写错误', 'uncorrected errors'),
  nvme_critical_warning: text('NVMe 严重告警', 'NVMe critical warning'),
  wear_percent: text('寿命消耗 %', 'wear %'),
  temperature_celsius: text('温度 °C', 'temperature °C'),
}

/** Returns in words the attributes that decided a verdict, one each; foreign names are in them. */
export const decidedWords = ({ decided_by: signs }: DriveEntry, language: Language): string[] =>
  signs.map(({ attribute, reading }) => {
    const zh = language === 'zh'
    if (attribute === 'health_passed') return zh ? '自检判定失败' : 'self-assessment failed'
    if (reading === 'FAILING_NOW') return `${attribute} ${zh ? '已低于阈值' : 'at its threshold now'}`
    if (reading === 'In_the_past') return `${attribute} ${zh ? '曾低于阈值' : 'failed in the past'}`
    return `${SIGN_TITLES[attribute]?.[language] ?? attribute} ${reading}`
  })

const SILENCES: Readonly<Record<NonNullable<DriveEntry['access']>, Text | null>> = {
  answered: null,
  asleep: text('休眠中,未唤醒', 'asleep, not woken'),
  not_opened: text('无法打开', 'could not be opened'),
  denied: text('无权读取', 'may not be read'),
  timeout: text('未在时限内应答', 'did not answer in time'),
  no_answer: text('没有应答', 'did not answer'),
}

/** Returns why a drive said nothing; null when it answered or that is not known. */
export const silenceWords = ({ access }: DriveEntry): Text | null =>
  access === null ? null : SILENCES[access]

const HOUR_MS = 3_600_000

/** Returns the wear and the life that is left at the pace so far: `12%, 约剩 17 年`; '' when the drive tells no wear. */
export function wearWords(drive: DriveEntry, language: Language): string {
  if (drive.wear_percent === null) return ''
  const wear = `${Number(drive.wear_percent.toFixed(1))}%`
  const hours = drive.remaining_life_hours
  if (hours === null) return wear
  if (hours === 0) return language === 'zh' ? `${wear},额定寿命已用尽` : `${wear}, rated endurance used up`
  const years = hours / 8_766
  const left =
    years >= 2
      ? language === 'zh'
        ? `${Math.floor(years)} 年`
        : `${Math.floor(years)} years`
      : formatDuration(hours * HOUR_MS, language)
  return language === 'zh' ? `${wear},约剩 ${left}` : `${wear}, about ${left} left`
}
