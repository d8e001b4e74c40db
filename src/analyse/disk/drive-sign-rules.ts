import type { DriveAccess, SmartDrive } from '../../domain/facts/disk.ts'
import { type Text, text } from '../../domain/text.ts'
import type { FindingDraft } from '../finding/make-finding.ts'
import { numberText } from '../finding/quantity-text.ts'
import { DISK_LIMITS } from './disk-limits.ts'

type Place = Pick<FindingDraft, 'kind' | 'component' | 'evidenceIds'>

interface Silence {
  readonly severity: FindingDraft['severity']
  readonly title: (name: string) => Text
  readonly nextStep: Text
}

/** Why a drive said nothing; a drive that merely has no verdict is told elsewhere. */
const SILENCES: Readonly<Partial<Record<DriveAccess, Silence>>> = {
  asleep: {
    severity: 'info',
    title: (name) =>
      text(
        `硬盘 ${name} 处于休眠,未唤醒,健康状态本次未读取`,
        `Drive ${name} is asleep and was not woken; its health was not read this time`,
      ),
    nextStep: text('它运转时再巡检。', 'Inspect again while it spins.'),
  },
  timeout: {
    severity: 'warning',
    title: (name) => text(`硬盘 ${name} 未在时限内应答 SMART`, `Drive ${name} did not answer SMART in time`),
    nextStep: text(
      '查看内核日志中该盘的超时与复位;应答迟缓常先于失效。',
      'Look in the kernel log for its timeouts and resets; slow answers often come before failure.',
    ),
  },
  not_opened: {
    severity: 'info',
    title: (name) =>
      text(`硬盘 ${name} 无法打开,健康状态未知`, `Drive ${name} could not be opened; its health is unknown`),
    nextStep: text(
      'RAID 卡后的盘须用 -d megaraid,N、-d cciss,N 等;USB 盘须用 -d sat。',
      'Behind a RAID controller use -d megaraid,N or -d cciss,N; behind a USB bridge -d sat.',
    ),
  },
  denied: {
    severity: 'info',
    title: (name) =>
      text(
        `无权读取硬盘 ${name} 的 SMART,健康状态未知`,
        `SMART of drive ${name} may not be read; its health is unknown`,
      ),
    nextStep: text('在 sudoers 中为该盘加一条命令。', 'Add a command for this drive to sudoers.'),
  },
}

/** Returns the finding on a drive that could not be asked, or null where it was. */
export function unansweredDraft(drive: SmartDrive, place: Place, name: string): FindingDraft | null {
  const access = drive.details?.access ?? 'answered'
  const silence = SILENCES[access]
  if (silence === undefined) return null
  const message = drive.details?.message ?? null
  return {
    ...place,
    rule: access === 'timeout' ? 'disk.smart_timeout' : 'disk.smart_unknown',
    severity: silence.severity,
    title: silence.title(name),
    cause: message === null ? null : text(`smartctl:${message}`, `smartctl: ${message}`),
    nextStep: silence.nextStep,
  }
}

/** Returns findings on signs beside the verdict: a failed self-test, a bad link. */
export function signDrafts(drive: SmartDrive, place: Place, name: string): readonly FindingDraft[] {
  return [...selfTestDraft(drive, place, name), ...linkDraft(drive, place, name)]
}

function selfTestDraft(drive: SmartDrive, place: Place, name: string): readonly FindingDraft[] {
  const tests = drive.details?.selfTests ?? null
  if (tests === null || tests.lastOutcome !== 'failed') return []
  const at = tests.lastAtPowerOnHours
  return [
    {
      ...place,
      rule: 'disk.self_test_failed',
      severity: 'urgent',
      title: text(
        `硬盘 ${name} 最近一次自检失败${at === null ? '' : `(通电 ${numberText(at)} 小时时)`}`,
        `The last self-test of drive ${name} failed${at === null ? '' : ` (at ${numberText(at)} power-on hours)`}`,
      ),
      nextStep: text('备份并更换。', 'Back up and replace it.'),
    },
  ]
}

function linkDraft(drive: SmartDrive, place: Place, name: string): readonly FindingDraft[] {
  const { crcErrors, interfaceGigabits: now, interfaceMaxGigabits: most } = drive.details ?? {}
  const isSlow = now != null && most != null && now < most
  const isNoisy = crcErrors != null && crcErrors >= DISK_LIMITS.crcErrors.limit
  if (!isNoisy) return []
  const speed = isSlow
    ? text(`,链路降到 ${now} Gb/s(最高 ${most})`, `, link at ${now} of ${most} Gb/s`)
    : text('', '')
  return [
    {
      ...place,
      rule: 'disk.link_errors',
      severity: isSlow ? 'warning' : 'info',
      title: text(
        `硬盘 ${name} 的链路累计 ${numberText(crcErrors)} 次 CRC 错误${speed.zh}`,
        `The link to drive ${name} had ${numberText(crcErrors)} CRC errors${speed.en}`,
      ),
      cause: text(
        'CRC 错误来自线缆、背板或供电,不是盘片;计数不会归零,以增长为准。',
        'CRC errors come from the cable, the backplane or the power, not from the platter; only growth counts.',
      ),
      nextStep: text(
        '重插或更换线缆、换槽位,观察是否继续增长。',
        'Reseat or replace the cable or change the bay, and see whether it grows.',
      ),
    },
  ]
}
