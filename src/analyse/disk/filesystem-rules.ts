import type { BiggestEntries, DiskFacts, Filesystem, SilentFilesystem } from '../../domain/facts/disk.ts'
import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import { diskLimitAt, type Limit } from '../../domain/thresholds.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { limitText } from '../finding/limit-text.ts'
import { type FindingDraft, makeFinding } from '../finding/make-finding.ts'
import { bytesText, numberText, percentText } from '../finding/quantity-text.ts'
import { METRIC_TRAITS } from '../metrics/metric-traits.ts'
import { deletedOpenDrafts } from './deleted-open-rule.ts'

/** Types that are mounted to be written. */
const WRITABLE_TYPES: ReadonlySet<string> = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'f2fs',
  'jfs',
  'reiserfs',
])
/** Places that are often mounted read-only on purpose. */
const READ_ONLY_PLACES = [
  '/boot',
  '/usr',
  '/sysroot',
  '/snap',
  '/media',
  '/run',
  '/etc',
  '/nix/store',
] as const

/** Returns findings on filesystems: space, inodes, those that should be writable and are not, and those that hang. */
export function assessFilesystems(input: AssessmentInput, disk: DiskFacts): readonly Finding[] {
  const filesystems = outcomeValue(disk.filesystems) ?? []
  const biggest = disk.biggestEntries === undefined ? [] : (outcomeValue(disk.biggestEntries) ?? [])
  const drafts = onePerSource(filesystems).flatMap((filesystem) => [
    ...spaceHigh(filesystem, diskLimitAt(input.thresholds, filesystem.mount)).map((draft) =>
      withBiggest(draft, biggest),
    ),
    ...inodesHigh(filesystem, diskLimitAt(input.thresholds, filesystem.mount).percent),
    ...readOnlyMount(filesystem, filesystems),
  ])
  const silent = disk.silentFilesystems === undefined ? [] : (outcomeValue(disk.silentFilesystems) ?? [])
  const silentDrafts = onePerSource(silent).map(silentFilesystem)
  return [...silentDrafts, ...drafts, ...deletedOpenDrafts(disk)].map((draft) => makeFinding(input, draft))
}

const placeOf = (filesystem: Pick<Filesystem, 'mount'>) =>
  ({ kind: 'filesystem', component: filesystem.mount, evidenceIds: ['disk.filesystems'] }) as const

/** Bind mounts and subvolumes show one filesystem several times: the shortest mount stands for it. */
function onePerSource<Mounted extends SilentFilesystem>(filesystems: readonly Mounted[]): readonly Mounted[] {
  const bySource = new Map<string, Mounted>()
  for (const filesystem of filesystems) {
    const key = filesystem.source.startsWith('/dev/') ? filesystem.source : filesystem.mount
    const kept = bySource.get(key)
    if (kept === undefined || filesystem.mount.length < kept.mount.length) bySource.set(key, filesystem)
  }
  return [...bySource.values()]
}

/** A medium that is never written cannot run full. */
const neverWritten = ({ readOnly, type }: Filesystem): boolean =>
  readOnly === true && !WRITABLE_TYPES.has(type)

const severityOf = (usedPercent: number, thresholdPercent: number) => {
  const { severities, criticalFrom } = METRIC_TRAITS.disk
  return usedPercent >= criticalFrom(thresholdPercent) ? severities.critical : severities.high
}

/** A mount point may hold spaces and worse, and people copy the command that is shown. */
const shellWord = (path: string): string =>
  /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`

/** The largest entries of the filesystem stand in the cause, where they were measured. */
function withBiggest(draft: FindingDraft, biggest: readonly BiggestEntries[]): FindingDraft {
  const own = biggest.find(({ mount }) => mount === draft.component)
  const entries = own === undefined ? [] : [...own.files.slice(0, 3), ...own.directories.slice(0, 3)]
  if (entries.length === 0) return draft
  const list = entries.map(({ path, sizeBytes }) => `${path} ${bytesText(sizeBytes)}`)
  return {
    ...draft,
    cause: text(`占用最大的:${list.join('、')}`, `Largest on it: ${list.join(', ')}`),
    evidenceIds: [...(draft.evidenceIds ?? []), 'disk.biggest_entries'],
  }
}

function spaceHigh(filesystem: Filesystem, limit: Limit): readonly FindingDraft[] {
  const { percent: thresholdPercent } = limit
  const { mount, usedPercent, availableBytes, totalBytes } = filesystem
  if (usedPercent <= thresholdPercent || neverWritten(filesystem)) return []
  const free = bytesText(availableBytes)
  const shown = limitText(limit)
  return [
    {
      ...placeOf(filesystem),
      rule: 'disk.space_high',
      severity: severityOf(usedPercent, thresholdPercent),
      title: text(
        `文件系统 ${mount} 已用 ${percentText(usedPercent)},剩余 ${free},共 ${bytesText(totalBytes)}(阈值 ${shown.zh})`,
        `Filesystem ${mount} is ${percentText(usedPercent)} full, ${free} of ${bytesText(totalBytes)} left (threshold ${shown.en})`,
      ),
      nextStep: text(
        `查看占用最大的目录:du -xh --max-depth=2 ${shellWord(mount)} | sort -h | tail`,
        `See the biggest directories: du -xh --max-depth=2 ${shellWord(mount)} | sort -h | tail`,
      ),
    },
  ]
}

function inodesHigh(filesystem: Filesystem, thresholdPercent: number): readonly FindingDraft[] {
  const { mount, inodesTotal, inodesUsed, inodesUsedPercent } = filesystem
  if (inodesUsedPercent === null || inodesUsedPercent <= thresholdPercent || neverWritten(filesystem))
    return []
  const left =
    inodesTotal === null || inodesUsed === null
      ? null
      : { free: numberText(inodesTotal - inodesUsed), total: numberText(inodesTotal) }
  const zh = left === null ? '' : `,剩余 ${left.free} / ${left.total} 个`
  const en = left === null ? '' : `, ${left.free} of ${left.total} left`
  return [
    {
      ...placeOf(filesystem),
      rule: 'disk.inodes_high',
      severity: severityOf(inodesUsedPercent, thresholdPercent),
      title: text(
        `文件系统 ${mount} 的 inode 已用 ${percentText(inodesUsedPercent)}${zh}`,
        `Filesystem ${mount} has used ${percentText(inodesUsedPercent)} of its inodes${en}`,
      ),
      cause: text(
        'inode 用尽后即使有剩余空间也无法新建文件。',
        'With no inode left no file can be made, whatever space is free.',
      ),
      nextStep: text(
        '查找含大量小文件的目录(会话、缓存、邮件队列)。',
        'Look for directories with very many small files (sessions, caches, mail queues).',
      ),
    },
  ]
}

function readOnlyMount(filesystem: Filesystem, all: readonly Filesystem[]): readonly FindingDraft[] {
  const { mount, source, type } = filesystem
  if (filesystem.readOnly !== true || !WRITABLE_TYPES.has(type)) return []
  if (READ_ONLY_PLACES.some((place) => mount === place || mount.startsWith(`${place}/`))) return []
  // A kernel that gives up on a filesystem does so for all its mounts; one that is writable elsewhere is a bind mount.
  if (all.some((other) => other.source === source && other.readOnly === false)) return []
  return [
    {
      ...placeOf(filesystem),
      rule: 'disk.read_only',
      severity: mount === '/' ? 'warning' : 'urgent',
      title: text(
        `文件系统 ${mount}(${type},${source})当前为只读`,
        `Filesystem ${mount} (${type}, ${source}) is read-only`,
      ),
      cause: text(
        '内核在出错后会把文件系统改为只读;也可能是有意以只读方式挂载(如不可变镜像)。',
        'The kernel makes a filesystem read-only after an error; or it was mounted so on purpose (an immutable image).',
      ),
      nextStep: text(
        '用 `dmesg | grep -iE "remount|I/O error"` 确认原因,先查硬盘再离线 fsck。',
        'Find out with `dmesg | grep -iE "remount|I/O error"`; check the drive first, then fsck offline.',
      ),
    },
  ]
}

function silentFilesystem(filesystem: SilentFilesystem): FindingDraft {
  const { mount, source, type } = filesystem
  return {
    ...placeOf(filesystem),
    rule: 'disk.filesystem_silent',
    severity: 'urgent',
    title: text(
      `文件系统 ${mount}(${type},${source})没有响应`,
      `Filesystem ${mount} (${type}, ${source}) does not answer`,
    ),
    cause: text(
      '读取它的进程会卡在内核中(D 状态),通常是底层硬盘、控制器或存储链路停止响应;其空间使用情况未知。',
      'Whatever reads it hangs in the kernel (state D); most often the drive, controller or path below it has stopped answering. Its space is unknown.',
    ),
    nextStep: text(
      '用 `dmesg -T | grep -iE "I/O error|timeout|reset|blocked for more than" | tail -n 50` 找出停止响应的设备;不要循环执行 df,也不要反复访问该挂载点,每次都会多一个卡住的进程。',
      'Find the device that stopped with `dmesg -T | grep -iE "I/O error|timeout|reset|blocked for more than" | tail -n 50`; do not run df in loops or touch the mount again and again: each try leaves one more process stuck.',
    ),
  }
}
