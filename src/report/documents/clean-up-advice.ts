import { type Text, text } from '../../domain/text.ts'
import { quoteForShell } from '../../lib/quote-for-shell.ts'
import type { DiskServer } from './disk-schema.ts'
import type { CleanUp } from './space-schema.ts'
import { refs } from './summary-advice.ts'

const MIB = 1024 ** 2

/** Less is not worth a person's time. Source: ours. */
const WORTH_BYTES = 100 * MIB
/** What `journalctl --vacuum-size` is told to keep. */
const JOURNAL_KEPT_BYTES = 500 * MIB
/** A directory of which one child takes this share is passed over for the child. */
const MOSTLY_CHILD_RATIO = 0.8
const DIRECTORIES_SUGGESTED = 2
const FILES_SUGGESTED = 3

interface KnownPlace {
  /** The place itself; a longer one below it counts as well. */
  readonly path: string
  readonly kind: CleanUp['kind']
  readonly command: string
  readonly title: Text
  readonly keptBytes?: number
}

/**
 * Places whose own tool cleans them without harm, or shows what there is. Sources: journalctl(1), apt-get(8), yum(8),
 * dnf(8), zypper(8), coredumpctl(1), docker-system-df(1). Nothing that removes data of an application.
 */
const KNOWN_PLACES: readonly KnownPlace[] = [
  {
    path: '/var/log/journal',
    kind: 'free',
    command: 'journalctl --vacuum-size=500M',
    title: text('系统日志(journal)只保留最近 500 MiB', 'Keep the latest 500 MiB of the journal'),
    keptBytes: JOURNAL_KEPT_BYTES,
  },
  ...[
    ['/var/cache/apt', 'apt-get clean'],
    ['/var/cache/dnf', 'dnf clean all'],
    ['/var/cache/yum', 'yum clean all'],
    ['/var/cache/zypp', 'zypper clean --all'],
  ].map(
    ([path = '', command = '']): KnownPlace => ({
      path,
      kind: 'free',
      command,
      title: text(
        '清理软件包下载缓存(需要时会重新下载)',
        'Empty the package cache (fetched again when needed)',
      ),
    }),
  ),
  {
    path: '/var/lib/systemd/coredump',
    kind: 'look',
    command: 'coredumpctl list',
    title: text('程序崩溃转储:先看是否还需要', 'Core dumps: see whether they are still needed'),
  },
  {
    path: '/var/crash',
    kind: 'look',
    command: 'ls -lhS /var/crash',
    title: text('内核崩溃转储:先看是否还需要', 'Kernel crash dumps: see whether they are still needed'),
  },
  {
    path: '/var/lib/docker',
    kind: 'look',
    command: 'docker system df -v',
    title: text('容器镜像、卷与构建缓存的占用', 'Space of container images, volumes and build cache'),
  },
  {
    path: '/var/lib/containers',
    kind: 'look',
    command: 'podman system df -v',
    title: text('容器镜像与卷的占用', 'Space of container images and volumes'),
  },
]

/** A path that a person can copy out of a report: no hidden characters, no backtick that would end the quotation. */
const isCopyable = (path: string): boolean => /^\/[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}`]*$/u.test(path)

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)

type Measured = Pick<
  DiskServer,
  'filesystems' | 'deleted_open_files' | 'biggest_entries' | 'biggest_entries_evidence'
>

const KINDS = ['free', 'restart', 'look'] as const satisfies readonly CleanUp['kind'][]

/** Returns what could be cleaned up by what was measured: what frees space first, most space first. Nothing is ever run. */
export function cleanUpAdvice(server: Measured): CleanUp[] {
  const advice = [...deletedOpen(server), ...knownPlaces(server), ...biggestRest(server)]
  return advice.toSorted(
    (one, other) =>
      KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) ||
      (other.frees_bytes ?? 0) - (one.frees_bytes ?? 0),
  )
}

/** Returns the filesystem a path lies on: the longest mount point above it. */
function mountOf(path: string, filesystems: DiskServer['filesystems']): string | null {
  const above = (filesystems ?? []).map(({ mount }) => mount).filter((mount) => isWithin(path, mount))
  return above.toSorted((one, other) => other.length - one.length)[0] ?? null
}

function deletedOpen({ deleted_open_files: found, filesystems }: Measured): CleanUp[] {
  if (found === null) return []
  return [...Map.groupBy(found.files, ({ pid }) => pid)].flatMap(([pid, files]): CleanUp[] => {
    const held = files.reduce((sum, { allocated_bytes: size }) => sum + size, 0)
    if (held < WORTH_BYTES) return []
    const name = files[0]?.command ?? '?'
    return [
      {
        kind: 'restart',
        title: text(
          `进程 ${name}(PID ${pid})仍打开着 ${files.length} 个已删除的文件:查出它属于哪个服务,在维护时段重启该服务即释放`,
          `Process ${name} (PID ${pid}) has ${files.length} deleted file(s) open: find its service and restart that in a maintenance window`,
        ),
        command: `ps -o pid,unit,args -p ${pid}`,
        frees_bytes: held,
        mount: mountOf(files[0]?.path ?? '', filesystems),
        evidence: refs([found.evidence]),
      },
    ]
  })
}

function knownPlaces({ biggest_entries: entries, filesystems, ...server }: Measured): CleanUp[] {
  const directories = (entries ?? []).flatMap((entry) => entry.directories)
  return KNOWN_PLACES.flatMap(({ path, kind, command, title, keptBytes = 0 }): CleanUp[] => {
    const sizes = directories.filter((entry) => isWithin(entry.path, path)).map((entry) => entry.size_bytes)
    const freed = Math.max(0, ...sizes) - keptBytes
    if (freed < WORTH_BYTES) return []
    return [
      {
        kind,
        title,
        command,
        frees_bytes: freed,
        mount: mountOf(path, filesystems),
        evidence: refs([server.biggest_entries_evidence]),
      },
    ]
  })
}

/** The biggest of what no rule knows: shown to a person, since only people know what it is worth. */
function biggestRest({ biggest_entries: entries, biggest_entries_evidence: evidence }: Measured): CleanUp[] {
  const isKnown = (path: string): boolean => KNOWN_PLACES.some((place) => isWithin(path, place.path))
  return (entries ?? []).flatMap(({ mount, directories, files }) => {
    const inner = directories.filter(({ path }) => path !== mount && !isKnown(path) && isCopyable(path))
    const telling = inner.filter(
      (entry) =>
        entry.size_bytes >= WORTH_BYTES &&
        !inner.some(
          (other) =>
            other.path !== entry.path &&
            isWithin(other.path, entry.path) &&
            other.size_bytes >= entry.size_bytes * MOSTLY_CHILD_RATIO,
        ),
    )
    const folders = telling.slice(0, DIRECTORIES_SUGGESTED).map(
      ({ path, size_bytes: size }): CleanUp => ({
        kind: 'look',
        title: text(`占用最多的目录之一:${path}`, `One of the biggest directories: ${path}`),
        command: `du -xk --max-depth=1 -- ${quoteForShell(path)} | sort -rn | head`,
        frees_bytes: size,
        mount,
        evidence: refs([evidence]),
      }),
    )
    const big = files
      .filter(({ path, size_bytes: size }) => isCopyable(path) && !isKnown(path) && size >= WORTH_BYTES)
      .slice(0, FILES_SUGGESTED)
    if (big.length === 0) return folders
    const shown: CleanUp = {
      kind: 'look',
      title: text('最大的文件:先确认是否还需要', 'The biggest files: see whether they are still needed'),
      command: `ls -lh -- ${big.map(({ path }) => quoteForShell(path)).join(' ')}`,
      frees_bytes: big.reduce((sum, { size_bytes: size }) => sum + size, 0),
      mount,
      evidence: refs([evidence]),
    }
    return [...folders, shown]
  })
}
