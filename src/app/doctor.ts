import { access, constants, statfs } from 'node:fs/promises'
import { ERRORS, toAppError } from '../domain/errors.ts'
import { type Text, text } from '../domain/text.ts'
import type { Clock } from '../lib/clock.ts'
import type { DoctorCheck } from '../services/context.ts'
import type { Store } from '../store/repositories.ts'
import { checkTimeZone } from './doctor-time-zone.ts'

interface DoctorSettings {
  readonly nodeVersion: string
  readonly dataDirectory: string
  readonly logDirectory: string
  /** The store, or the error that kept it from opening. */
  readonly store: Store | Error
  readonly clock: Clock
  /** Of the given tables' datetime columns, of what people are shown, and of this machine. */
  readonly timeZones: { readonly database: string; readonly shown: string; readonly machine: string }
  /** Reads whether the probe tools are on this machine: tool name → found. */
  readonly probeTools: (signal: AbortSignal) => Promise<ReadonlyMap<string, boolean>>
}

/** Below this the embedded database and the logs may soon fail to write. Ours. */
const LOW_FREE_BYTES = 500 * 1024 ** 2

/** Returns one check per thing the product depends on. Never throws for what it finds. */
export async function examine(
  settings: DoctorSettings,
  signal: AbortSignal,
): Promise<readonly DoctorCheck[]> {
  return [
    nodeCheck(settings.nodeVersion),
    await directoryCheck('data', settings.dataDirectory),
    await directoryCheck('logs', settings.logDirectory),
    ...(await databaseChecks(settings)),
    ...(await toolChecks(settings, signal)),
  ]
}

function nodeCheck(version: string): DoctorCheck {
  const major = Number(version.replace(/^v/, '').split('.')[0])
  return {
    name: 'node',
    state: major >= 24 ? 'ok' : 'failed',
    found: text(`Node ${version}`, `Node ${version}`),
    remedy:
      major >= 24
        ? null
        : text('用 `npm start` 启动,它自带 Node 24', 'Start with `npm start`: it brings Node 24'),
  }
}

async function directoryCheck(name: string, directory: string): Promise<DoctorCheck> {
  try {
    await access(directory, constants.W_OK)
    const { bavail, bsize } = await statfs(directory)
    const freeBytes = bavail * bsize
    const free = `${(freeBytes / 1024 ** 3).toFixed(1)} GiB`
    const low = freeBytes < LOW_FREE_BYTES
    return {
      name,
      state: low ? 'warning' : 'ok',
      found: text(`${directory} 可写,剩余 ${free}`, `${directory} is writable, ${free} free`),
      remedy: low ? text('腾出磁盘空间', 'Free some disk space') : null,
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return {
      name,
      state: 'failed',
      found: text(`${directory} 不可用:${reason}`, `${directory} cannot be used: ${reason}`),
      remedy: text(`创建该目录并允许运行用户写入`, `Make the folder and let the running user write to it`),
    }
  }
}

async function databaseChecks(settings: DoctorSettings): Promise<readonly DoctorCheck[]> {
  const { store } = settings
  if (store instanceof Error) return [failedDatabase(store)]
  try {
    await store.ping()
    const { dialect, serverVersion, pending, pendingLarge } = await store.schemaStatus()
    const database: DoctorCheck = {
      name: 'database',
      state: 'ok',
      found: text(`${dialect}:${serverVersion}`, `${dialect}: ${serverVersion}`),
      remedy: null,
    }
    if (pending.length > 0) return [database, schemaCheck(pending)]
    // Without its index the newest row of each server is found by reading millions.
    const timeZone = pendingLarge.length > 0 ? [] : [await timeZoneCheck(store, settings)]
    return [database, schemaCheck(pending), await wordsCheck(store), ...timeZone]
  } catch (error) {
    return [failedDatabase(error)]
  }
}

function failedDatabase(error: unknown): DoctorCheck {
  const known = toAppError(error)
  return { name: 'database', state: 'failed', found: known.text, remedy: ERRORS[known.code].hint }
}

function schemaCheck(pending: readonly string[]): DoctorCheck {
  const found: Text =
    pending.length === 0
      ? text('表结构是最新的', 'the schema is current')
      : text(`待执行的迁移:${pending.join(', ')}`, `pending migrations: ${pending.join(', ')}`)
  const remedy = pending.length === 0 ? null : ERRORS.SCHEMA_OUTDATED.hint
  return { name: 'schema', state: pending.length === 0 ? 'ok' : 'failed', found, remedy }
}

async function wordsCheck(store: Store): Promise<DoctorCheck> {
  const { status, reportType } = await store.words()
  const words = [
    [status.normal, status.warning, status.critical].join('/'),
    [reportType.daily, reportType.weekly].join('/'),
  ]
  return {
    name: 'words',
    state: 'ok',
    found: text(
      `写入原有各表的词:状态 ${words[0]},报告类型 ${words[1]}`,
      `words written into the given tables: status ${words[0]}, report type ${words[1]}`,
    ),
    remedy: null,
  }
}

const timeZoneCheck = async (store: Store, { clock, timeZones }: DoctorSettings): Promise<DoctorCheck> =>
  await checkTimeZone({
    store,
    clock,
    configured: timeZones.database,
    likely: [timeZones.shown, timeZones.machine, 'Asia/Shanghai', 'UTC'],
  })

const TOOL_USES: Readonly<Record<string, Text>> = {
  dmidecode: text('内存条与插槽', 'memory modules and slots'),
  smartctl: text('硬盘健康(SMART)', 'drive health (SMART)'),
  lsblk: text('块设备', 'block devices'),
  ipmitool: text('BMC 传感器', 'BMC sensors'),
}

async function toolChecks(
  { probeTools }: DoctorSettings,
  signal: AbortSignal,
): Promise<readonly DoctorCheck[]> {
  const tools = await probeTools(signal)
  return [...tools].map(([tool, found]) => {
    const use = TOOL_USES[tool] ?? text('探针', 'probes')
    return {
      name: tool,
      state: found ? ('ok' as const) : ('not_configured' as const),
      found: found
        ? text('本机已安装', 'on this machine')
        : text(`本机没有;缺少${use.zh}的数据`, `not on this machine; ${use.en} cannot be read`),
      remedy: found
        ? null
        : text(`安装软件包后即可:${packageOf(tool)}`, `Install the package: ${packageOf(tool)}`),
    }
  })
}

const packageOf = (tool: string): string => ({ smartctl: 'smartmontools', lsblk: 'util-linux' })[tool] ?? tool
