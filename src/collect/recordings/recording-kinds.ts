import { readDmi } from '../formats/dmi/dmi-records.ts'
import { parseMeminfoLines } from '../formats/meminfo.ts'
import { readRaidRecording } from '../probes/disk/parse-raid.ts'
import { readSmartctl, readSmartctlScan } from '../probes/disk/parse-smartctl.ts'
import { readDmidecodeRecording } from './dmidecode.ts'
import { readActivityTable } from './host/activity-tables.ts'
import { readDfTable } from './host/df-table.ts'
import { readFreeTable } from './host/free-table.ts'
import { readLsblkTable } from './host/lsblk-table.ts'
import { readMountLines } from './host/mount-lines.ts'
import { readPsTable } from './host/ps-table.ts'
import { readHostRecording } from './host/read-host-recording.ts'
import { readSensorRecording, type SensorRecording } from './sensor-recording.ts'
import { readUpsRecording } from './ups-recording.ts'

/** Facts of one recorded output by the domain's names; null when the text is not of the kind. */
type Reader = (text: string) => object | null

/** What smartctl prints first, also where it could not open the drive, and the heads of what it prints of one. */
const SMARTCTL_TEXT =
  /^(?:smartctl (?:version )?\d|=== START OF |SMART overall-health|SMART Health Status|ID# ATTRIBUTE_NAME)/m
/** Its JSON without its first part, as other tools keep it. */
const SMARTCTL_JSON =
  /"(?:smartctl|smart_status|model_name|ata_smart_attributes|nvme_smart_health_information_log)"\s{0,8}:/

const isSmartctl = (text: string): boolean =>
  (text.trimStart().startsWith('{') ? SMARTCTL_JSON : SMARTCTL_TEXT).test(text)

function readSmart(text: string): object | null {
  const devices = readSmartctlScan(text)
  if (devices !== null) return { devices }
  return isSmartctl(text) ? readSmartctl('-', text) : null
}

const readDmidecode: Reader = (text) =>
  readDmi(text).records.length === 0 ? null : readDmidecodeRecording(text)

function readMeminfo(text: string): object | null {
  const values = parseMeminfoLines(text)
  return values.has('MemTotal') ? { bytes: values } : null
}

function readUptime(text: string): object | null {
  const found = readHostRecording(text)
  return found?.format === 'uptime' || found?.format === 'proc_uptime' ? found : null
}

const raidTool =
  (tool: string): Reader =>
  (text) => {
    const found = readRaidRecording(text)
    return found?.tool === tool ? found : null
  }

const sensorsOf =
  (...formats: readonly SensorRecording['format'][]): Reader =>
  (text) => {
    const found = readSensorRecording(text)
    return found !== null && formats.includes(found.format) ? found : null
  }

const rowsOf =
  (read: (text: string) => readonly object[] | null): Reader =>
  (text) => {
    const rows = read(text)
    return rows === null ? null : { rows }
  }

/** In the order in which an unknown text is tried: first the outputs that nothing else looks like. */
const READERS = {
  dmidecode: readDmidecode,
  smartctl: readSmart,
  storcli: raidTool('storcli'),
  megacli: raidTool('megacli'),
  ssacli: raidTool('ssacli'),
  arcconf: raidTool('arcconf'),
  mdstat: raidTool('mdstat'),
  mdadm: raidTool('mdadm'),
  zpool: raidTool('zpool'),
  meminfo: readMeminfo,
  ups: readUpsRecording,
  sensors: sensorsOf('lm_sensors'),
  nvme: sensorsOf('nvme_list', 'nvme_smart_log'),
  uptime: readUptime,
  activity: readActivityTable,
  free: rowsOf(readFreeTable),
  ps: rowsOf(readPsTable),
  lsblk: rowsOf(readLsblkTable),
  mount: rowsOf(readMountLines),
  df: rowsOf(readDfTable),
  ipmi: sensorsOf('ipmi_sdr', 'ipmi_fru'),
} as const satisfies Readonly<Record<string, Reader>>

/** A kind of recorded output that has a parser. */
export type RecordingKind = keyof typeof READERS

const isKind = (name: string): name is RecordingKind => Object.hasOwn(READERS, name)

/** Every kind, in the order in which {@link sniffRecording} tries them. */
export const RECORDING_KINDS: readonly RecordingKind[] = Object.keys(READERS).filter(isKind)

/** Returns the facts of a recorded output of a known kind, or null when the text is not of it. Linear in the text. */
export const readRecordingOf = (kind: RecordingKind, text: string): object | null => READERS[kind](text)

/** Returns the first kind that the text is of, with its facts; null when it is of none. */
export function sniffRecording(
  text: string,
): { readonly kind: RecordingKind; readonly facts: object } | null {
  for (const kind of RECORDING_KINDS) {
    const facts = readRecordingOf(kind, text)
    if (facts !== null) return { kind, facts }
  }
  return null
}
