import type { MdArray } from '../../../domain/facts/disk.ts'
import { parseCount, parseDecimal } from '../../formats/count.ts'
import { linesOf } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

const ARRAY_LINE =
  /^(md[\w.-]{0,60}) : (active|inactive|broken|clear)(?: \((auto-read-only|read-only)\))?(.*)$/
const LEVEL = /^(?:linear|raid\d{1,2}|multipath|faulty|container|external)$/
const MEMBER = /^([\w!./-]{1,60})\[\d{1,6}\](.{0,20})$/
const COUNTS = /\[(\d{1,5})\/(\d{1,5})\]/
const PROGRESS =
  /(recovery|resync|reshape|check|repair)\s{0,4}=\s{0,4}(?:(\d{1,3}(?:\.\d{1,3})?)%|PENDING|DELAYED|REMOTE)/

interface Draft
  extends Omit<MdArray, 'memberCount' | 'activeMemberCount' | 'operation' | 'operationPercent'> {
  memberCount: number | null
  activeMemberCount: number | null
  operation: string | null
  operationPercent: number | null
}

function startArray(match: RegExpExecArray): Draft {
  const words = (match[4] ?? '').trim().split(/\s+/)
  const members = words.map((word) => MEMBER.exec(word)).filter((member) => member !== null)
  const failed = members.filter((member) => member[2]?.includes('(F)')).map((member) => member[1] ?? '')
  return {
    name: match[1] ?? '',
    level: words.find((word) => LEVEL.test(word)) ?? null,
    state: [match[2], match[3]].filter(Boolean).join(' '),
    memberCount: null,
    activeMemberCount: null,
    failedMembers: failed,
    operation: null,
    operationPercent: null,
  }
}

/** Returns the arrays of `/proc/mdstat` (kernel, drivers/md/md.c); an empty list when md is loaded and has none. */
export function parseMdstat({ stdout }: RawSection): Parsed<readonly MdArray[]> {
  if (!/^(?:Personalities|unused devices|md)/m.test(stdout)) return unparseable('not /proc/mdstat')
  const arrays: Draft[] = []
  for (const line of linesOf(stdout)) {
    const start = ARRAY_LINE.exec(line)
    const last = arrays.at(-1)
    if (start !== null) arrays.push(startArray(start))
    else if (last !== undefined && /^\s/.test(line)) {
      const counts = COUNTS.exec(line)
      if (counts !== null && last.memberCount === null) {
        last.memberCount = parseCount(counts[1])
        last.activeMemberCount = parseCount(counts[2])
      }
      const progress = PROGRESS.exec(line)
      if (progress?.[1] !== undefined) {
        last.operation = progress[1]
        last.operationPercent = parseDecimal(progress[2])
      }
    }
  }
  return { value: arrays }
}
