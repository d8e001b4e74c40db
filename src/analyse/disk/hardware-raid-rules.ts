import type {
  DiskFacts,
  HardwareRaid,
  RaidController,
  RaidDrive,
  RaidVolume,
} from '../../domain/facts/disk.ts'
import type { Finding, Severity } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { type Text, text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { type FindingDraft, makeFinding } from '../finding/make-finding.ts'
import { numberText, percentText } from '../finding/quantity-text.ts'

/** Returns findings on hardware RAID: controllers and their batteries, volumes, and the drives behind them. */
export function assessHardwareRaid(input: AssessmentInput, disk: DiskFacts): readonly Finding[] {
  const raids = disk.hardwareRaid === undefined ? [] : (outcomeValue(disk.hardwareRaid) ?? [])
  const drafts = raids.flatMap((raid) => [
    ...raid.controllers.flatMap((controller) => controllerDrafts(raid, controller)),
    ...raid.volumes.flatMap((volume) => volumeDrafts(raid, volume)),
    ...raid.drives.flatMap((drive) => driveDrafts(raid, drive)),
  ])
  return drafts.map((draft) => makeFinding(input, draft))
}

const placeOf = (raid: HardwareRaid, ...names: readonly (string | null)[]) =>
  ({
    kind: 'drive',
    component: [raid.tool, ...names.filter((name) => name !== null)].join(':'),
    evidenceIds: ['disk.hardware_raid'],
  }) as const

const controllerName = ({ id, model }: RaidController): string => (model === null ? id : `${id} (${model})`)

function controllerDrafts(raid: HardwareRaid, controller: RaidController): readonly FindingDraft[] {
  const drafts: FindingDraft[] = []
  const name = controllerName(controller)
  if (controller.healthy === false)
    drafts.push({
      ...placeOf(raid, controller.id),
      rule: 'disk.raid_controller',
      severity: 'warning',
      title: text(
        `RAID 卡 ${name} 状态异常:${controller.stateText ?? '?'}`,
        `RAID controller ${name} is not well: ${controller.stateText ?? '?'}`,
      ),
      nextStep: text('查看其下的卷、硬盘与电池。', 'Look at its volumes, drives and battery.'),
    })
  if (controller.battery?.healthy === false)
    drafts.push({
      ...placeOf(raid, controller.id, 'battery'),
      rule: 'disk.raid_battery',
      severity: 'warning',
      title: text(
        `RAID 卡 ${name} 的缓存电池或电容异常:${controller.battery.stateText}`,
        `The cache battery or capacitor of RAID controller ${name} is not well: ${controller.battery.stateText}`,
      ),
      cause: text(
        '没有后备电源时写缓存关闭(写入变慢),强开则断电会丢数据。',
        'Without backup power the write cache is off (writes are slow); forced on, a power cut loses data.',
      ),
      nextStep: text('更换电池或电容模块。', 'Replace the battery or capacitor module.'),
    })
  return drafts
}

interface Judgement {
  readonly severity: Severity
  readonly rule: string
  readonly words: Text
  readonly nextStep: Text
}

const BACK_UP_AND_REPLACE = text(
  '确认备份,更换失效盘;重建期间勿再拔盘。',
  'See that there is a backup, replace the failed drive; pull no other while it rebuilds.',
)

const VOLUME_JUDGEMENTS: Readonly<Record<RaidVolume['state'], Judgement | null>> = {
  optimal: null,
  degraded: {
    severity: 'urgent',
    rule: 'disk.raid_degraded',
    words: text('已降级', 'is degraded'),
    nextStep: BACK_UP_AND_REPLACE,
  },
  rebuilding: {
    severity: 'warning',
    rule: 'disk.raid_rebuilding',
    words: text('正在重建', 'is being rebuilt'),
    nextStep: text('完成前降低负载、勿拔盘。', 'Keep the load low and pull no drive until it is done.'),
  },
  failed: {
    severity: 'critical',
    rule: 'disk.raid_failed',
    words: text('已失效', 'has failed'),
    nextStep: text(
      '不要强制上线;先查明哪几块盘掉线,再联系厂商。',
      'Do not force it online; find out which drives dropped out, then ask the maker.',
    ),
  },
  unknown: {
    severity: 'info',
    rule: 'disk.raid_unknown',
    words: text('状态未知(并非正常)', 'is in an unknown state (not: well)'),
    nextStep: text('用 RAID 工具核对。', 'Look at it with the RAID tool.'),
  },
}

/** A degraded volume rebuilds by itself only where a spare waits. */
function spareText(raid: HardwareRaid, { controllerId, state }: RaidVolume): Text {
  if (state !== 'degraded') return text('', '')
  const hasSpare = raid.drives.some(
    (drive) =>
      drive.controllerId === controllerId && (drive.state === 'spare' || drive.state === 'rebuilding'),
  )
  return hasSpare ? text('', '') : text(',没有热备盘', ', no hot spare')
}

function volumeDrafts(raid: HardwareRaid, volume: RaidVolume): readonly FindingDraft[] {
  const judgement = VOLUME_JUDGEMENTS[volume.state]
  if (judgement === null) return []
  const spare = spareText(raid, volume)
  const level = volume.level ?? '?'
  return [
    {
      ...placeOf(raid, volume.controllerId, volume.name),
      rule: judgement.rule,
      severity: judgement.severity,
      title: text(
        `RAID 卷 ${volume.name}(${level})${judgement.words.zh}(${volume.stateText})${spare.zh}`,
        `RAID volume ${volume.name} (${level}) ${judgement.words.en} (${volume.stateText})${spare.en}`,
      ),
      nextStep: judgement.nextStep,
    },
  ]
}

const DRIVE_JUDGEMENTS: Readonly<Partial<Record<RaidDrive['state'], Pick<Judgement, 'severity' | 'words'>>>> =
  {
    failed: { severity: 'urgent', words: text('已失效', 'has failed') },
    missing: { severity: 'urgent', words: text('丢失', 'is missing') },
    predictive_failure: { severity: 'urgent', words: text('预测将失效', 'is predicted to fail') },
    rebuilding: { severity: 'warning', words: text('正在重建', 'is being rebuilt') },
  }

function driveTitle(drive: RaidDrive, words: Text): Text {
  const known = [drive.model, drive.serialNumber === null ? null : `S/N ${drive.serialNumber}`]
  const particulars = known.filter((one) => one !== null).join(', ')
  const name = particulars === '' ? drive.slot : `${drive.slot} (${particulars})`
  const progress = drive.rebuildPercent === null ? '' : ` ${percentText(drive.rebuildPercent)}`
  return text(
    `RAID 卡后的硬盘 ${name} ${words.zh}${progress}`,
    `Drive ${name} behind the RAID controller ${words.en}${progress}`,
  )
}

function driveDrafts(raid: HardwareRaid, drive: RaidDrive): readonly FindingDraft[] {
  const place = placeOf(raid, drive.controllerId, drive.slot)
  const judgement =
    DRIVE_JUDGEMENTS[drive.state] ??
    (drive.smartAlert === true || (drive.predictiveFailures ?? 0) > 0
      ? DRIVE_JUDGEMENTS.predictive_failure
      : undefined)
  if (judgement !== undefined)
    return [
      {
        ...place,
        rule: drive.state === 'rebuilding' ? 'disk.raid_drive_rebuilding' : 'disk.raid_drive_failed',
        severity: judgement.severity,
        title: driveTitle(drive, judgement.words),
        nextStep:
          drive.state === 'rebuilding'
            ? text('完成前勿拔盘。', 'Pull no drive until it is done.')
            : BACK_UP_AND_REPLACE,
      },
    ]
  const mediaErrors = drive.mediaErrors ?? 0
  if (mediaErrors === 0) return []
  const count = numberText(mediaErrors)
  return [
    {
      ...place,
      rule: 'disk.raid_drive_media_errors',
      severity: 'warning',
      title: driveTitle(drive, text(`有 ${count} 次介质错误`, `has ${count} media errors`)),
      nextStep: text(
        '确认备份,观察是否增长;增长则更换。',
        'See that there is a backup and whether the count grows; if so, replace it.',
      ),
    },
  ]
}
