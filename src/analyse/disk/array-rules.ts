import type { DiskFacts, MdDetail, MultipathMap, ZfsDevice, ZfsPool } from '../../domain/facts/disk.ts'
import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { type FindingDraft, makeFinding } from '../finding/make-finding.ts'
import { listText, numberText } from '../finding/quantity-text.ts'

/** Returns findings on ZFS pools, multipath maps, and what only `mdadm --detail` and sysfs say of arrays. */
export function assessArrays(input: AssessmentInput, disk: DiskFacts): readonly Finding[] {
  const { zfsPools, multipath, mdDetails } = disk
  const drafts = [
    ...(zfsPools === undefined ? [] : (outcomeValue(zfsPools) ?? [])).flatMap(poolDrafts),
    ...(multipath === undefined ? [] : (outcomeValue(multipath) ?? [])).flatMap(mapDrafts),
    ...(mdDetails === undefined ? [] : (outcomeValue(mdDetails) ?? [])).flatMap(mismatchDraft),
  ]
  return drafts.map((draft) => makeFinding(input, draft))
}

/** Source: zpoolconcepts(7). A pool in any state not known here is not taken for well. */
const POOL_SEVERITIES: Readonly<Record<string, 'urgent' | 'critical' | null>> = {
  ONLINE: null,
  DEGRADED: 'urgent',
  FAULTED: 'critical',
  OFFLINE: 'critical',
  UNAVAIL: 'critical',
  SUSPENDED: 'critical',
  REMOVED: 'critical',
}

const errorsOf = (device: ZfsDevice): number =>
  (device.readErrors ?? 0) + (device.writeErrors ?? 0) + (device.checksumErrors ?? 0)

function poolDrafts(pool: ZfsPool): readonly FindingDraft[] {
  const place = { kind: 'drive', component: `zfs:${pool.name}`, evidenceIds: ['disk.zfs_pools'] } as const
  const severity = POOL_SEVERITIES[pool.state]
  const bad = listText(
    pool.devices
      .filter(({ state }) => !/^(?:ONLINE|AVAIL|INUSE)$/.test(state))
      .map(({ name, state }) => `${name} ${state}`),
  )
  if (severity !== null) {
    const [zh, en] = bad.zh === '' ? ['', ''] : [`:${bad.zh}`, `: ${bad.en}`]
    return [
      {
        ...place,
        rule: 'disk.zfs_pool',
        severity: severity ?? 'warning',
        title: text(
          `ZFS 池 ${pool.name} 为 ${pool.state}${zh}`,
          `ZFS pool ${pool.name} is ${pool.state}${en}`,
        ),
        cause: pool.status === null ? null : text(`zpool:${pool.status}`, `zpool: ${pool.status}`),
        nextStep: text(
          '执行 `zpool status -v`,更换失效设备(zpool replace)。',
          'Run `zpool status -v` and replace the failed device (zpool replace).',
        ),
      },
    ]
  }
  const faulty = pool.devices.filter((device) => errorsOf(device) > 0)
  if (faulty.length === 0) return []
  const named = listText(faulty.map((device) => `${device.name} ${numberText(errorsOf(device))}`))
  return [
    {
      ...place,
      rule: 'disk.zfs_errors',
      severity: 'warning',
      title: text(
        `ZFS 池 ${pool.name} 的设备有读写或校验错误:${named.zh}`,
        `Devices of ZFS pool ${pool.name} had read, write or checksum errors: ${named.en}`,
      ),
      nextStep: text(
        '执行 scrub,查线缆与硬盘;再现则更换。',
        'Scrub the pool, look at cables and drives; replace what errs again.',
      ),
    },
  ]
}

function mapDrafts(map: MultipathMap): readonly FindingDraft[] {
  const down = map.paths.filter(({ up }) => !up)
  if (down.length === 0) return []
  const left = map.paths.length - down.length
  const names = listText(down.map(({ device }) => device))
  return [
    {
      kind: 'drive',
      component: map.name,
      evidenceIds: ['disk.multipath'],
      rule: 'disk.multipath_down',
      severity: left === 0 ? 'critical' : left === 1 ? 'urgent' : 'warning',
      title: text(
        `多路径设备 ${map.name} 有路径失效:${names.zh},剩 ${left} 条`,
        `Multipath device ${map.name} lost paths: ${names.en}; ${left} left`,
      ),
      nextStep: text('检查 HBA、光纤与交换机端口。', 'Check the HBA, the fibre and the switch port.'),
    },
  ]
}

/** RAID 1 and 10 count differences that swap and memory-mapped files cause without harm. Source: Linux md(4), mismatch_cnt. */
function mismatchDraft({ device, level, mismatchCount }: MdDetail): readonly FindingDraft[] {
  if (mismatchCount === null || mismatchCount === 0) return []
  const isMirror = /^raid1(?:0)?$/.test(level ?? '')
  return [
    {
      kind: 'drive',
      component: device.replace(/^\/dev\//, ''),
      evidenceIds: ['disk.md_details'],
      rule: 'disk.md_mismatch',
      severity: isMirror ? 'info' : 'warning',
      title: text(
        `阵列 ${device}(${level ?? '?'})上次检查有 ${numberText(mismatchCount)} 个扇区不一致`,
        `At its last check array ${device} (${level ?? '?'}) had ${numberText(mismatchCount)} sectors that differ`,
      ),
      cause: isMirror
        ? text(
            '镜像上的交换分区也会造成不一致,不一定有害。',
            'On a mirror swap causes some too, which does no harm.',
          )
        : null,
      nextStep: text(
        '再检查一次;仍有则查硬盘与线缆,必要时修复。',
        'Check again; if they stay, look at drives and cables, and repair.',
      ),
    },
  ]
}
