import type { ZfsDevice, ZfsPool } from '../../../domain/facts/disk.ts'
import { linesOf } from '../../formats/lines.ts'

const FIELD =
  /^\s{0,8}(pool|id|state|status|action|see|scan|scrub|config|errors|dedup|remove|expand):\s?(.{0,1000})$/
const STATES = /^(?:ONLINE|DEGRADED|FAULTED|OFFLINE|UNAVAIL|REMOVED|SUSPENDED|AVAIL|INUSE)$/

interface Draft {
  readonly fields: Map<string, string>
  readonly devices: ZfsDevice[]
}

/** Counts are exact with `-p`; without it `1.2K` is possible and left unknown. */
const countOf = (word: string | undefined): number | null =>
  word !== undefined && /^\d{1,15}$/.test(word) ? Number(word) : null

function deviceOf(line: string): ZfsDevice | null {
  const [name, state, read, write, checksum] = line.trim().split(/\s+/, 6)
  if (name === undefined || state === undefined || !STATES.test(state)) return null
  return {
    name,
    state,
    readErrors: countOf(read),
    writeErrors: countOf(write),
    checksumErrors: countOf(checksum),
  }
}

function toPool({ fields, devices }: Draft): ZfsPool {
  const name = fields.get('pool') ?? ''
  return {
    name,
    state: fields.get('state') || 'UNKNOWN',
    status: fields.get('status') || null,
    scan: fields.get('scan') || fields.get('scrub') || null,
    errors: fields.get('errors') || null,
    devices: devices.filter((device) => device.name !== name),
  }
}

/** Returns the pools of `zpool status` (illumos and OpenZFS 0.6–2.x); empty for "no pools available" and other texts. */
export function readZpool(text: string): readonly ZfsPool[] {
  const pools: Draft[] = []
  let current = ''
  for (const line of linesOf(text)) {
    const [, name, value] = FIELD.exec(line) ?? []
    if (name === 'pool') pools.push({ fields: new Map(), devices: [] })
    const pool = pools.at(-1)
    if (pool === undefined) continue
    if (name !== undefined) {
      current = name
      if (!pool.fields.has(name)) pool.fields.set(name, value?.trim() ?? '')
    } else if (current === 'config') {
      const device = deviceOf(line)
      if (device !== null) pool.devices.push(device)
    } else if (/^\s/.test(line) && line.trim() !== '' && current !== 'errors')
      pool.fields.set(current, `${pool.fields.get(current) ?? ''} ${line.trim()}`.slice(0, 1_000).trim())
  }
  return pools.map(toPool)
}
