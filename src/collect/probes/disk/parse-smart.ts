import type { SmartDrive } from '../../../domain/facts/disk.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'
import { readSmartctl } from './parse-smartctl.ts'
import { unknownDrive } from './smart-drive.ts'

interface DriveOutput {
  readonly device: string
  readonly output: string
  /** Null when the section ended before the drive did. */
  readonly exitCode: number | null
}

/** smartctl names drives behind one controller alike (`/dev/bus/0 -d megaraid,3`): the type tells them apart. */
const nameOf = (device: string, type: string): string => (type.includes(',') ? `${device} [${type}]` : device)

const START = /^@@ device (\S{1,200}) (\S{1,80})$/
const END = /^@@ exit (\d{1,3})$/

/** No server has more; a flood ends here. */
const MAX_DRIVES = 1_000

/** What smartctl prints is indented or begins with a word: a line that starts with `@@` is never part of it. */
function splitDrives(stdout: string): readonly DriveOutput[] {
  const drives: { device: string; lines: string[]; exitCode: number | null }[] = []
  let open = false
  for (const line of stdout.split('\n')) {
    const marker = line.startsWith('@@') ? line.slice(0, 300).replace(/\r$/, '') : ''
    const start = START.exec(marker)
    const code = END.exec(marker)?.[1]
    const last = drives.at(-1)
    if (start?.[1] !== undefined && start[2] !== undefined) {
      if (drives.length >= MAX_DRIVES) break
      drives.push({ device: nameOf(start[1], start[2]), lines: [], exitCode: null })
      open = true
    } else if (code !== undefined) {
      if (open && last !== undefined) last.exitCode = Number(code)
      open = false
    } else if (open) last?.lines.push(line)
  }
  return drives.map(({ device, lines, exitCode }) => ({ device, exitCode, output: outputOf(lines) }))
}

/** sudo may warn ("unable to resolve host") before the JSON begins. */
function outputOf(lines: readonly string[]): string {
  const start = lines.findIndex((line) => line.startsWith('{'))
  return lines.slice(Math.max(0, start)).join('\n').trim()
}

/** 124 and 137 are `timeout`'s. */
const wasStopped = (exitCode: number | null): boolean =>
  exitCode === null || exitCode === 124 || exitCode === 137

function readDrive({ device, output, exitCode }: DriveOutput): SmartDrive {
  const drive = readSmartctl(device, output)
  if (drive.details === undefined) return drive
  const details = { ...drive.details, exitStatus: drive.details.exitStatus ?? exitCode }
  if (details.access === 'answered' || !wasStopped(exitCode)) return { ...drive, details }
  return unknownDrive(device, 'timeout', details.message)
}

/**
 * Returns one entry for every drive that was asked. A drive that did not answer (asleep, refused, hanging) is there with
 * nulls and why: unknown, never healthy and never missing.
 */
export function parseSmart({ stdout }: RawSection): Parsed<readonly SmartDrive[]> {
  const outputs = splitDrives(stdout)
  if (outputs.length === 0) {
    if (stdout.trim() === '' || /^# ?scan_smart_devices|^#/m.test(stdout))
      return { absent: 'no_data', why: 'smartctl --scan lists no drive' }
    return unparseable('no drive in the output')
  }
  const drives = outputs.map(readDrive)
  if (drives.every(({ details }) => details?.access === 'denied'))
    return { absent: 'denied', why: drives[0]?.details?.message ?? 'sudo refused smartctl' }
  return { value: drives }
}
