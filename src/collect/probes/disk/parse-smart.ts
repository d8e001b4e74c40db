import type { SmartDrive } from '../../../domain/facts/disk.ts'
import { linesOf } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'
import { readSmartDrive, unknownDrive } from './parse-smartctl-json.ts'

interface DriveOutput {
  readonly device: string
  readonly json: string
}

/** smartctl names drives behind one controller alike (`/dev/bus/0 -d megaraid,3`): the type tells them apart. */
const nameOf = (device: string, type: string): string => (type.includes(',') ? `${device} [${type}]` : device)

/** The JSON of smartctl is indented: a line that starts with `@@` is never part of it. */
function splitDrives(stdout: string): readonly DriveOutput[] {
  const drives: { device: string; lines: string[] }[] = []
  let open = false
  for (const line of linesOf(stdout)) {
    const start = /^@@ device (\S{1,200}) (\S{1,80})$/.exec(line)
    if (start?.[1] !== undefined && start[2] !== undefined) {
      drives.push({ device: nameOf(start[1], start[2]), lines: [] })
      open = true
    } else if (/^@@ exit \d{1,3}$/.test(line)) open = false
    else if (open) drives.at(-1)?.lines.push(line)
  }
  return drives.map(({ device, lines }) => ({ device, json: lines.join('\n').trim() }))
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    // Text of smartctl before 7.0, or an answer cut short: no JSON is an expected outcome, told apart by undefined.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/**
 * Returns one entry for every drive that `smartctl --scan` named. A drive that did not answer (asleep, refused) is there
 * with nulls: unknown, never healthy and never missing. Unparseable when no drive gave JSON (smartctl before 7.0).
 */
export function parseSmart({ stdout }: RawSection): Parsed<readonly SmartDrive[]> {
  const drives = splitDrives(stdout)
  if (drives.length === 0) {
    if (stdout.trim() === '' || /^# scan_smart_devices|^#/m.test(stdout))
      return { absent: 'no_data', why: 'smartctl --scan lists no drive' }
    return unparseable('no drive in the output')
  }
  const parsed = drives.map(({ device, json }) => ({ device, document: parseJson(json) }))
  if (parsed.every(({ document }) => document === undefined))
    return unparseable('smartctl printed no JSON; version 7.0 or later is needed')
  return {
    value: parsed.map(({ device, document }) =>
      document === undefined ? unknownDrive(device) : readSmartDrive(device, document),
    ),
  }
}
