import { z } from 'zod'
import type { KeyDoc } from './key-kinds.ts'
import { keyDocs } from './key-kinds.ts'
import { configSchema } from './schema.ts'

/** One key of the configuration. */
export interface ConfigKey extends KeyDoc {
  readonly path: readonly string[]
  /** The path with dots, as people write it: `web.port`. */
  readonly keyPath: string
  readonly variable: string
  /** The plain default; undefined when there is none. */
  readonly defaultValue: unknown
  readonly schema: z.core.$ZodType
}

/** Returns the object schema inside `.prefault({})`, or null when the schema is not a section. */
function sectionOf(schema: z.core.$ZodType): z.ZodObject | null {
  const inner = schema instanceof z.ZodPrefault ? schema.unwrap() : schema
  return inner instanceof z.ZodObject ? inner : null
}

function listKeys(section: z.ZodObject, prefix: readonly string[]): readonly ConfigKey[] {
  return Object.entries(section.shape).flatMap(([name, schema]): readonly ConfigKey[] => {
    const path = [...prefix, name]
    const inner = sectionOf(schema)
    if (inner !== null) return listKeys(inner, path)
    const doc = keyDocs.get(schema)
    if (doc === undefined) throw new Error(`the configuration key ${path.join('.')} has no description`)
    const variable = doc.variable ?? `SMART_OPS_${path.join('_').toUpperCase()}`
    const defaultValue = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined
    return [{ ...doc, path, keyPath: path.join('.'), variable, defaultValue, schema }]
  })
}

/** Every key of the configuration, in the schema's order. */
export const CONFIG_KEYS: readonly ConfigKey[] = listKeys(configSchema, [])

/** Names of the sections, in the schema's order. */
export const SECTIONS: readonly string[] = Object.entries(configSchema.shape)
  .filter(([, schema]) => sectionOf(schema) !== null)
  .map(([name]) => name)

/** Returns the names allowed at a place of the file (`[]` is the top), or null when nothing may stand below it. */
export function allowedNames(path: readonly string[]): readonly string[] | null {
  if (path.length === 0) return Object.keys(configSchema.shape)
  const [name = '', ...rest] = path
  if (rest.length > 0 || !SECTIONS.includes(name)) return null
  return CONFIG_KEYS.filter((key) => key.path[0] === name).map((key) => key.path[1] ?? '')
}

/** Returns the key that a path leads to or into (an item of a list), or null when it leads to none. */
export function keyAt(path: readonly PropertyKey[]): ConfigKey | null {
  return CONFIG_KEYS.find((key) => key.path.every((name, index) => path[index] === name)) ?? null
}
