import { linesOf, splitPair } from '../formats/lines.ts'

/** What a UPS says of itself. Null is not told, which is not "no". */
export interface UpsRecording {
  readonly tool: 'upsc' | 'apcaccess'
  /** As printed: NUT's words (`OL`, `OB`, `LB`, `RB` …), or apcupsd's (`ONLINE`, `ONBATT`, `LOWBATT` …). Null when none is printed. */
  readonly status: readonly string[] | null
  readonly onBattery: boolean | null
  readonly lowBattery: boolean | null
  readonly replaceBattery: boolean | null
  readonly chargePercent: number | null
  readonly runtimeSeconds: number | null
  readonly loadPercent: number | null
  readonly inputVolts: number | null
  readonly manufacturer: string | null
  readonly model: string | null
}

type Fields = ReadonlyMap<string, string>

const fieldsOf = (text: string, separator: string): Fields =>
  new Map(
    linesOf(text).flatMap((line) => {
      const pair = line.startsWith('#') ? null : splitPair(line, separator)
      return pair === null ? [] : [pair]
    }),
  )

/** The number at the begin of a value (`235.3 Volts`); null without one (`N/A`, `XX.X`). */
function numberAt(fields: Fields, name: string): number | null {
  const match = /^(-?\d{1,12}(?:\.\d{1,6})?)(?:\s|$)/.exec(fields.get(name) ?? '')
  return match === null ? null : Number(match[1])
}

function readNut(text: string): UpsRecording | null {
  const fields = fieldsOf(text, ':')
  const isNut = [...fields.keys()].some((name) =>
    /^(?:ups|battery|driver|input|output|device)\.[a-z]/.test(name),
  )
  if (!isNut) return null
  const words = (fields.get('ups.status') ?? '').split(/\s+/).filter((word) => word !== '')
  const status = words.length === 0 ? null : words
  return {
    tool: 'upsc',
    status,
    onBattery: status?.includes('OB') ?? null,
    lowBattery: status?.includes('LB') ?? null,
    replaceBattery: status?.includes('RB') ?? null,
    chargePercent: numberAt(fields, 'battery.charge'),
    runtimeSeconds: numberAt(fields, 'battery.runtime'),
    loadPercent: numberAt(fields, 'ups.load'),
    inputVolts: numberAt(fields, 'input.voltage'),
    manufacturer: fields.get('ups.mfr') || fields.get('device.mfr') || null,
    model: fields.get('ups.model') || fields.get('device.model') || null,
  }
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

/** apcupsd prints minutes, some versions seconds. */
function timeLeft(fields: Fields): number | null {
  const amount = numberAt(fields, 'TIMELEFT')
  const unit = /^\S{1,20}\s{1,8}([A-Za-z])/.exec(fields.get('TIMELEFT') ?? '')?.[1]?.toLowerCase() ?? 'm'
  const seconds = SECONDS[unit]
  return amount === null || seconds === undefined ? null : Math.round(amount * seconds)
}

function readApc(text: string): UpsRecording | null {
  const fields = fieldsOf(text, ':')
  const printed = fields.get('STATUS')
  if (printed === undefined || !['UPSNAME', 'UPSMODE', 'LINEV', 'END APC'].some((name) => fields.has(name)))
    return null
  const words = printed.split(/\s+/).filter((word) => word !== '')
  const status = words.length === 0 ? null : words
  return {
    tool: 'apcaccess',
    status,
    onBattery: status?.includes('ONBATT') ?? null,
    lowBattery: status?.includes('LOWBATT') ?? null,
    replaceBattery: status?.includes('REPLACEBATT') ?? null,
    chargePercent: numberAt(fields, 'BCHARGE'),
    runtimeSeconds: timeLeft(fields),
    loadPercent: numberAt(fields, 'LOADPCT'),
    inputVolts: numberAt(fields, 'LINEV'),
    manufacturer: null,
    model: fields.get('MODEL') || null,
  }
}

/** Returns what NUT's `upsc UPS` (and its device dumps) or apcupsd's `apcaccess status` says; null when the text is neither. */
export const readUpsRecording = (text: string): UpsRecording | null => readApc(text) ?? readNut(text)
