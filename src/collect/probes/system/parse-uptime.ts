import type { UptimeFacts } from '../../../domain/facts/system.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { parseCount, parseDecimal } from '../../formats/count.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

/** A Date holds ±8.64e15 ms (ECMA-262, 21.4.1.1). */
const MAX_DATE_SECONDS = 8_640_000_000_000

/** Returns how long the server has been up, its boot id and its own clock. */
export function parseUptime({ stdout }: RawSection): Parsed<UptimeFacts> {
  const blocks = splitBlocks(stdout)
  const uptimeSeconds = parseDecimal((blocks.get('uptime') ?? '').trim().split(/\s/)[0])
  const clockSeconds = parseCount((blocks.get('clock') ?? '').trim())
  if (uptimeSeconds === null || uptimeSeconds < 0) return unparseable('/proc/uptime has no number')
  if (clockSeconds === null || clockSeconds > MAX_DATE_SECONDS)
    return unparseable('date +%s printed no number')
  const bootId = (blocks.get('boot-id') ?? '').trim()
  return {
    value: {
      uptimeSeconds,
      bootId: /^[0-9a-f-]{36}$/i.test(bootId) ? bootId : null,
      serverClockAt: new Date(clockSeconds * 1000),
    },
  }
}
