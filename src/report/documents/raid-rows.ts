import { type Language, type Text, text } from '../../domain/text.ts'
import type { DiskServer } from './disk-schema.ts'

/** One array, controller, pool or drive behind a controller, as a report lists it. Words are foreign. */
export interface RaidRow {
  readonly kind: Text
  readonly name: string
  readonly level: string
  readonly state: string
  /** Null where its state does not say. */
  readonly isWell: boolean | null
  readonly note: string
  readonly evidence: string | null
}

const KINDS = {
  md: text('软 RAID', 'software RAID'),
  controller: text('阵列卡', 'controller'),
  volume: text('阵列卡卷', 'volume'),
  drive: text('阵列卡硬盘', 'drive'),
  zfs: text('ZFS 池', 'ZFS pool'),
  multipath: text('多路径', 'multipath'),
} as const

/** Returns every array of a server, what is not well first; of the drives behind controllers only those that are not well. */
export function raidRows(server: DiskServer, language: Language): readonly RaidRow[] {
  const rows = [
    ...mdRows(server, language),
    ...hardwareRows(server, language),
    ...zfsRows(server),
    ...multipathRows(server, language),
  ]
  const rank = ({ isWell }: RaidRow): number => (isWell === false ? 0 : isWell === null ? 1 : 2)
  return rows.toSorted((one, other) => rank(one) - rank(other))
}

const joined = (words: readonly (string | null)[]): string =>
  words.filter((word) => word !== null && word !== '').join(', ')

function mdRows(server: DiskServer, language: Language): readonly RaidRow[] {
  const zh = language === 'zh'
  const details = new Map(
    (server.md_details ?? []).map((detail) => [detail.device.replace(/^\/dev\//, ''), detail]),
  )
  return (server.md_arrays ?? []).map((array) => {
    const detail = details.get(array.name)
    const { members, active_members: active } = array
    const lacks = members !== null && active !== null && active < members
    const isBroken = lacks || array.failed_members.length > 0 || detail?.degraded === true
    const isKnown = members !== null || detail?.degraded === false || array.state.startsWith('active')
    const operation =
      array.operation === null
        ? null
        : `${array.operation}${array.operation_percent === null ? '' : ` ${array.operation_percent}%`}`
    const failed = array.failed_members.join(', ')
    return {
      kind: KINDS.md,
      name: array.name,
      level: array.level ?? '',
      state: detail?.state ?? array.state,
      isWell: isBroken ? false : isKnown ? true : null,
      note: joined([
        members === null ? null : `${zh ? '成员' : 'members'} ${active ?? '?'}/${members}`,
        failed === '' ? null : `${zh ? '失效' : 'failed'} ${failed}`,
        operation,
        (detail?.mismatches ?? 0) > 0 ? `${zh ? '不一致扇区' : 'mismatches'} ${detail?.mismatches}` : null,
      ]),
      evidence: server.md_arrays_evidence ?? server.md_details_evidence,
    }
  })
}

function hardwareRows(server: DiskServer, language: Language): readonly RaidRow[] {
  const zh = language === 'zh'
  const evidence = server.hardware_raid_evidence
  return (server.hardware_raid ?? []).flatMap(({ tool, controllers, volumes, drives }) => [
    ...controllers.map(
      ({ id, model, state, healthy, battery, firmware }): RaidRow => ({
        kind: KINDS.controller,
        name: joined([`${tool} ${id}`, model]),
        level: '',
        state: state ?? '',
        isWell: healthy === false || battery?.healthy === false ? false : healthy,
        note: joined([
          battery === null ? null : `${zh ? '电池' : 'battery'} ${battery.state}`,
          firmware === null ? null : `${zh ? '固件' : 'firmware'} ${firmware}`,
        ]),
        evidence,
      }),
    ),
    ...volumes.map(
      ({ name, level, state, state_text: said, size }): RaidRow => ({
        kind: KINDS.volume,
        name,
        level: level ?? '',
        state: said,
        isWell: state === 'unknown' ? null : state === 'optimal',
        note: size ?? '',
        evidence,
      }),
    ),
    ...drives
      .filter((drive) => !isQuiet(drive))
      .map(
        (drive): RaidRow => ({
          kind: KINDS.drive,
          name: drive.slot,
          level: '',
          state: drive.state_text,
          isWell: drive.state === 'unknown' ? null : false,
          note: joined([
            drive.model,
            drive.serial === null ? null : `S/N ${drive.serial}`,
            (drive.media_errors ?? 0) > 0
              ? `${zh ? '介质错误' : 'media errors'} ${drive.media_errors}`
              : null,
            (drive.predictive_failures ?? 0) > 0
              ? `${zh ? '预测失效' : 'predictive failures'} ${drive.predictive_failures}`
              : null,
            drive.rebuild_percent === null ? null : `${zh ? '重建' : 'rebuild'} ${drive.rebuild_percent}%`,
          ]),
          evidence,
        }),
      ),
  ])
}

type HardwareDrive = NonNullable<DiskServer['hardware_raid']>[number]['drives'][number]

const isQuiet = ({ state, smart_alert: alert, ...drive }: HardwareDrive): boolean =>
  (state === 'online' || state === 'spare' || state === 'unassigned') &&
  alert !== true &&
  (drive.media_errors ?? 0) === 0 &&
  (drive.predictive_failures ?? 0) === 0

const zfsRows = (server: DiskServer): readonly RaidRow[] =>
  (server.zfs_pools ?? []).map(({ name, state, status, errors, devices }) => {
    const bad = devices.filter((device) => device.state !== 'ONLINE' && device.state !== 'AVAIL')
    return {
      kind: KINDS.zfs,
      name,
      level: '',
      state,
      isWell: state === 'ONLINE' && bad.length === 0,
      note: joined([...bad.map((device) => `${device.name} ${device.state}`), status, errors]),
      evidence: server.zfs_pools_evidence,
    }
  })

const multipathRows = (server: DiskServer, language: Language): readonly RaidRow[] =>
  (server.multipath ?? []).map(({ name, wwid, paths }) => {
    const down = paths.filter(({ up }) => !up).map(({ device }) => device)
    return {
      kind: KINDS.multipath,
      name,
      level: '',
      state: `${paths.length - down.length}/${paths.length}`,
      isWell: paths.length === 0 ? null : down.length === 0,
      note: joined([
        down.length === 0 ? null : `${language === 'zh' ? '断开' : 'down'} ${down.join(', ')}`,
        wwid,
      ]),
      evidence: server.multipath_evidence,
    }
  })
