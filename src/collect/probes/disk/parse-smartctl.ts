import type { SmartDrive } from '../../../domain/facts/disk.ts'
import { linesOf } from '../../formats/lines.ts'
import { at, textAt } from './json-path.ts'
import { readSmartDrive } from './parse-smartctl-json.ts'
import { readSmartText } from './parse-smartctl-text.ts'

/** One drive that `smartctl --scan` lists. */
export interface ScannedDevice {
  readonly device: string
  /** Argument of `-d`. */
  readonly type: string
  /** Only the JSON and the comment of newer versions say it. */
  readonly protocol: string | null
}

/** Returns the parsed JSON, or undefined for text and for JSON cut short. */
function parseJson(json: string): unknown {
  const start = json.trimStart()
  if (!start.startsWith('{')) return undefined
  try {
    return JSON.parse(start)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Returns what smartctl printed of one drive, as JSON (7.0 and later) or as text (5.x and later). */
export function readSmartctl(device: string, output: string): SmartDrive {
  const document = parseJson(output)
  return document === undefined ? readSmartText(device, output) : readSmartDrive(device, document)
}

/** `/dev/bus/0 -d megaraid,1 # /dev/bus/0 [megaraid_disk_01], SCSI device`; a `#` first means that it did not open. */
const SCAN_LINE =
  /^(\/dev\/\S{1,200}) -d (\S{1,80})(?: # .{0,300}, (ATA|SCSI|NVMe)(?: \([^)]{0,40}\))? device)?/

function readScanText(text: string): readonly ScannedDevice[] {
  return linesOf(text).flatMap((line) => {
    const [, device, type, protocol] = SCAN_LINE.exec(line) ?? []
    return device === undefined || type === undefined ? [] : [{ device, type, protocol: protocol ?? null }]
  })
}

/** Returns the drives of `smartctl --scan` as JSON or as text; null when the text is no scan. */
export function readSmartctlScan(output: string): readonly ScannedDevice[] | null {
  const document = parseJson(output)
  if (document === undefined) {
    const devices = readScanText(output)
    return devices.length > 0 ? devices : null
  }
  const devices = at(document, 'devices')
  if (!Array.isArray(devices)) return null
  return devices.flatMap((one: unknown) => {
    const [device, type] = [textAt(one, 'name'), textAt(one, 'type')]
    return device === null || type === null ? [] : [{ device, type, protocol: textAt(one, 'protocol') }]
  })
}
