import { z } from 'zod'
import type { Actor, Surface } from '../domain/actor.ts'
import { AppError } from '../domain/errors.ts'
import type { SensorFacts } from '../domain/facts/sensors.ts'
import type { ServerInspection } from '../domain/inspection.ts'
import type { ExceededSince, MetricBaseline, MetricsReading, MetricValues } from '../domain/metrics.ts'
import type { StepChoice } from '../domain/run.ts'
import type { Text } from '../domain/text.ts'
import { text } from '../domain/text.ts'
import { decodeTypedJson, encodeTypedJson } from '../lib/typed-json.ts'

/** Where a piece of JSON stands, for the error that names it. */
export interface StoredAt {
  readonly table: string
  /** The row's id or other key. */
  readonly id: string
  readonly column: string
}

/** Returns the error for a stored value that is not what this version writes. */
export const storedDataInvalid = ({ table, id, column }: StoredAt, cause: unknown): AppError => {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AppError(
    'STORED_DATA_INVALID',
    text(
      `表 ${table} 中编号 ${id} 的 ${column} 列无法读取:${reason}`,
      `Column ${column} of row ${id} in table ${table} cannot be read: ${reason}`,
    ),
    { cause, details: { table, id, column } },
  )
}

/** Returns the stored value after the shape was checked. Throws AppError STORED_DATA_INVALID. */
export function readStored<T>(at: StoredAt, json: string, shape: z.ZodType<T>): T {
  let value: unknown
  try {
    value = decodeTypedJson(json)
  } catch (error) {
    throw storedDataInvalid(at, error)
  }
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  throw storedDataInvalid(at, z.prettifyError(parsed.error))
}

/** The same for a column that may be null. */
export const readStoredOrNull = <T>(at: StoredAt, json: string | null, shape: z.ZodType<T>): T | null =>
  json === null ? null : readStored(at, json, shape)

/** Returns the JSON of a value, null for null and undefined. */
export const encodeOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : encodeTypedJson(value)

const hasFields = (value: unknown, fields: Readonly<Record<string, (field: unknown) => boolean>>): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(fields).every(([name, isValid]) => isValid(Reflect.get(value, name)))

const isString = (value: unknown): boolean => typeof value === 'string'
const isDate = (value: unknown): boolean => value instanceof Date && !Number.isNaN(value.getTime())
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

/** Any JSON. */
export const anyShape = z.unknown()

export const textShape: z.ZodType<Text> = z.looseObject({ zh: z.string(), en: z.string() })

export const errorShape = z.looseObject({ code: z.string(), message: z.string() })

export const choiceShape: z.ZodType<StepChoice> = z.looseObject({
  action: z.string(),
  ips: z.array(z.string()),
  reason: textShape,
  chosenBy: z.enum(['rules', 'model']),
})

const surfaceShape = z.custom<Surface>((value) => typeof value === 'string', 'surface is not a word')

export const actorShape: z.ZodType<Actor> = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('local_administrator'), name: z.string(), surface: surfaceShape }),
  z.looseObject({
    kind: z.literal('token'),
    name: z.string(),
    surface: surfaceShape,
    scopes: z.array(z.enum(['read', 'collect', 'send', 'change'])),
  }),
  z.looseObject({ kind: z.literal('system'), name: z.string(), surface: surfaceShape }),
])

// The following documents were typed when this program wrote them; what is checked is that they are theirs and whole.

export const inspectionShape = z.custom<ServerInspection>(
  (value) =>
    hasFields(value, {
      serverId: isString,
      serverIp: isString,
      startedAt: isDate,
      finishedAt: isDate,
      facts: isObject,
      sections: Array.isArray,
      evidence: Array.isArray,
    }),
  'not an inspection',
)

export const sensorsShape = z.custom<SensorFacts>(
  (value) => hasFields(value, { hwmon: isObject, thermalZones: isObject, ipmi: isObject }),
  'not sensor facts',
)

export const readingShape = z.custom<MetricsReading>(
  (value) => hasFields(value, { collectedAt: isDate, interfaces: Array.isArray }),
  'not a metrics reading',
)

/** Values with what was kept beside them; earlier versions kept nothing. */
interface StoredComputed extends MetricValues {
  readonly baseline?: MetricBaseline | null
  readonly exceededSince?: ExceededSince
}

const isBaseline = (value: unknown): boolean =>
  value === undefined || value === null || hasFields(value, { computedAt: isDate })

export const computedShape = z.custom<StoredComputed>(
  (value) =>
    hasFields(value, {
      collectedAt: isDate,
      gaps: Array.isArray,
      baseline: isBaseline,
      exceededSince: (since) => since === undefined || isObject(since),
    }),
  'not metric values',
)
