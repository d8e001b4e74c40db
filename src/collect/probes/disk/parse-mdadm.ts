import type { MdDetail } from '../../../domain/facts/disk.ts'
import { linesOf, splitPair } from '../../formats/lines.ts'
import { countOf } from './indented-records.ts'
import { percentIn } from './raid-states.ts'

interface MdText {
  readonly device: string
  readonly fields: ReadonlyMap<string, string>
  readonly failedMembers: readonly string[]
}

const DEVICE = /^(\/dev\/[\w./!:-]{1,80}):$/
/** `   2     254        2        -      faulty failfast   /dev/vda2`. */
const FAULTY = /^\s{0,20}[\d-]{1,6}\s.{0,80}\bfaulty\b.{0,60}?(\/dev\/\S{1,80})\s{0,5}$/

function splitDevices(text: string): readonly MdText[] {
  const devices: { device: string; fields: Map<string, string>; failedMembers: string[] }[] = []
  for (const line of linesOf(text)) {
    const device = DEVICE.exec(line)?.[1]
    if (device !== undefined) devices.push({ device, fields: new Map(), failedMembers: [] })
    const open = devices.at(-1)
    if (open === undefined || device !== undefined) continue
    const faulty = FAULTY.exec(line)?.[1]
    if (faulty !== undefined) open.failedMembers.push(faulty)
    const pair = splitPair(line, ' : ')
    if (pair !== null && !open.fields.has(pair[0])) open.fields.set(pair[0], pair[1])
  }
  return devices.filter(({ fields }) => fields.has('Raid Level') || fields.has('Magic'))
}

/** `mdadm --examine` reads one member's superblock and cannot tell the state of the whole. */
const isSuperblock = (fields: ReadonlyMap<string, string>): boolean => fields.has('Magic')

function toDetail({ device, fields, failedMembers }: MdText): MdDetail {
  const state = fields.get('State')
  const progress = ['Rebuild Status', 'Resync Status', 'Check Status', 'Reshape Status']
    .map((name) => fields.get(name))
    .find((words) => words !== undefined)
  const isOwn = !isSuperblock(fields)
  const inactive = /^inactive/i.test(state ?? '')
  return {
    device,
    level: fields.get('Raid Level') ?? null,
    stateText: state ?? null,
    raidDevices: countOf(fields.get('Raid Devices')),
    activeDevices: countOf(fields.get('Active Devices')),
    failedDevices: countOf(fields.get('Failed Devices')),
    spareDevices: countOf(fields.get('Spare Devices')),
    degraded: isOwn && !inactive ? /degraded|FAILED/.test(state ?? '') : null,
    failedMembers,
    progressPercent: progress === undefined ? null : percentIn(progress),
    hasBitmap: /internal|external|clustered/i.test(
      fields.get('Intent Bitmap') ?? fields.get('Consistency Policy') ?? '',
    )
      ? true
      : /bitmap/i.test(fields.get('Consistency Policy') ?? ''),
    mismatchCount: null,
  }
}

/** Returns the arrays of `mdadm --detail` or `--examine`; empty for another text. Source: mdadm(8), Detail.c and super*.c of mdadm 3.x–4.x. */
export const readMdadm = (text: string): readonly MdDetail[] => splitDevices(text).map(toDetail)

/** `/sys/block/md0/md/mismatch_cnt:128` as grep prints it. */
const MISMATCHES = /^\/sys\/block\/(md[\w.-]{0,60})\/md\/mismatch_cnt:(\d{1,15})$/

/** Returns the details with the mismatch counts of sysfs. */
export function withMismatches(details: readonly MdDetail[], sysfs: string): readonly MdDetail[] {
  const counts = new Map(
    linesOf(sysfs).flatMap((line): readonly (readonly [string, number])[] => {
      const [, name, count] = MISMATCHES.exec(line) ?? []
      return name === undefined || count === undefined ? [] : [[name, Number(count)]]
    }),
  )
  return details.map((detail) => ({
    ...detail,
    mismatchCount: counts.get(detail.device.replace(/^\/dev\//, '')) ?? null,
  }))
}
