import type { XidEvent, XidFacts } from '../../../domain/facts/gpu.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { readKernelLog } from '../../formats/kernel-log.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

const MAX_EVENTS = 200

/** `NVRM: Xid (PCI:0000:3b:00): 79, pid=…`; drivers before 361 leave out `PCI:`. */
const XID = /NVRM: Xid \((?:PCI:)?([0-9a-fA-F:.]{5,16})\): (\d{1,4}),? ?(.*)$/

/** Returns the Xid errors in the kernel log. An empty list says that the log, as far back as `logSince`, holds none. */
export function parseXid({ stdout }: RawSection): Parsed<XidFacts> {
  const blocks = splitBlocks(stdout)
  if (!blocks.has('log')) return unparseable('the output ends before the log')
  const { lines, logSince } = readKernelLog(blocks)
  const events = lines.flatMap(({ at, message }): readonly XidEvent[] => {
    const [, busId, code, rest = ''] = XID.exec(message) ?? []
    return busId === undefined ? [] : [{ at, busId, code: Number(code), message: rest.trim().slice(0, 300) }]
  })
  if (events.length === 0 && (blocks.get('first') ?? '').trim() === '')
    return { absent: 'no_data', why: 'the kernel log is empty' }
  return { value: { events: events.slice(-MAX_EVENTS), logSince } }
}
