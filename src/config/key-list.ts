import { z } from 'zod'
import type { KeyDoc } from './key-kinds.ts'
import { keyDocs } from './key-kinds.ts'
import { configSchema } from './schema.ts'

/** In a path: the name of an entry of a mapping, which people choose. */
export const ANY_NAME = '*'

/** One key of the configuration. */
export interface ConfigKey extends KeyDoc {
  /** Of a key inside the entries of a mapping, one name is {@link ANY_NAME}. */
  readonly path: readonly string[]
  /** The path with dots, as people write it: `web.port`, `ssh.credentials.<name>.user`. */
  readonly keyPath: string
  /** Null for a key inside the entries of a mapping: no variable overrides it. */
  readonly variable: string | null
  /** The plain default; undefined when there is none. */
  readonly defaultValue: unknown
  readonly schema: z.core.$ZodType
}

/** Returns the object schema inside `.prefault({})`, or null when the schema is not a section. */
function sectionOf(schema: z.core.$ZodType): z.ZodObject | null {
  const inner = schema instanceof z.ZodPrefault ? schema.unwrap() : schema
  return inner instanceof z.ZodObject ? inner : null
}

/** Returns the shape of a mapping's entries, or null when the schema is no mapping. */
function entryOf(schema: z.core.$ZodType): z.ZodObject | null {
  const inner = schema instanceof z.ZodDefault ? schema.unwrap() : schema
  return inner instanceof z.ZodRecord && inner.valueType instanceof z.ZodObject ? inner.valueType : null
}

const written = (path: readonly string[]): string =>
  path.map((name) => (name === ANY_NAME ? '<name>' : name)).join('.')

function describeKey(path: readonly string[], schema: z.core.$ZodType): ConfigKey {
  const doc = keyDocs.get(schema)
  if (doc === undefined) throw new Error(`the configuration key ${path.join('.')} has no description`)
  const variable = path.includes(ANY_NAME)
    ? null
    : (doc.variable ?? `SMART_OPS_${path.join('_').toUpperCase()}`)
  const defaultValue = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined
  return { ...doc, path, keyPath: written(path), variable, defaultValue, schema }
}

function listKeys(section: z.ZodObject, prefix: readonly string[]): readonly ConfigKey[] {
  return Object.entries(section.shape).flatMap(([name, schema]): readonly ConfigKey[] => {
    const path = [...prefix, name]
    const inner = sectionOf(schema)
    if (inner !== null) return listKeys(inner, path)
    const entry = entryOf(schema)
    if (entry !== null) return listKeys(entry, [...path, ANY_NAME])
    return [describeKey(path, schema)]
  })
}

function listMaps(section: z.ZodObject, prefix: readonly string[]): readonly ConfigKey[] {
  return Object.entries(section.shape).flatMap(([name, schema]): readonly ConfigKey[] => {
    const path = [...prefix, name]
    const inner = sectionOf(schema)
    if (inner !== null) return listMaps(inner, path)
    return entryOf(schema) === null ? [] : [{ ...describeKey(path, schema), variable: null }]
  })
}

/** Every key of the configuration, in the schema's order. */
export const CONFIG_KEYS: readonly ConfigKey[] = listKeys(configSchema, [])

/** Every mapping from names that people choose to sections of one shape. */
export const CONFIG_MAPS: readonly ConfigKey[] = listMaps(configSchema, [])

/** Names of the sections, in the schema's order. */
export const SECTIONS: readonly string[] = Object.entries(configSchema.shape)
  .filter(([, schema]) => sectionOf(schema) !== null)
  .map(([name]) => name)

/** Returns the schema that a path leads to, or null when it leads to none. */
function schemaAt(path: readonly string[]): z.core.$ZodType | null {
  let schema: z.core.$ZodType = configSchema
  for (const name of path) {
    const entry = entryOf(schema)
    const shape = sectionOf(schema)?.shape ?? {}
    const next = entry ?? (Object.hasOwn(shape, name) ? shape[name] : undefined)
    if (next === undefined) return null
    schema = next
  }
  return schema
}

/** True when a section or a mapping stands at the path. */
export function isSection(path: readonly string[]): boolean {
  const schema = schemaAt(path)
  return schema !== null && (sectionOf(schema) !== null || entryOf(schema) !== null)
}

/** Returns the names allowed at a place of the file (`[]` is the top), or null when nothing may stand below it. */
export function allowedNames(path: readonly string[]): readonly string[] | null {
  const schema = schemaAt(path)
  if (schema === null) return null
  if (entryOf(schema) !== null) return ['<name>']
  const section = sectionOf(schema)
  return section === null ? null : Object.keys(section.shape)
}

const leads = (key: ConfigKey, path: readonly PropertyKey[]): boolean =>
  key.path.every((name, index) =>
    name === ANY_NAME ? typeof path[index] === 'string' : path[index] === name,
  )

/** Returns the key that a path leads to or into (an item of a list), or null when it leads to none. */
export function keyAt(path: readonly PropertyKey[]): ConfigKey | null {
  const key = CONFIG_KEYS.find((candidate) => leads(candidate, path))
  return key === undefined ? null : named(key, path)
}

/** Returns the mapping that a path leads to or into, or null. */
export const mapAt = (path: readonly PropertyKey[]): ConfigKey | null =>
  CONFIG_MAPS.find((candidate) => leads(candidate, path)) ?? null

/** Returns the key with the names of a path in the place of {@link ANY_NAME}. */
function named(key: ConfigKey, path: readonly PropertyKey[]): ConfigKey {
  if (!key.path.includes(ANY_NAME)) return key
  const names = key.path.map((name, index) => (name === ANY_NAME ? String(path[index]) : name))
  return { ...key, path: names, keyPath: names.join('.') }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Returns every key, those inside mappings once for each entry that the values have. */
export function keysIn(values: unknown): readonly ConfigKey[] {
  return CONFIG_KEYS.flatMap((key) => {
    const at = key.path.indexOf(ANY_NAME)
    if (at < 0) return [key]
    let entries = values
    for (const name of key.path.slice(0, at)) entries = isRecord(entries) ? entries[name] : undefined
    if (!isRecord(entries)) return []
    return Object.keys(entries).map((name) => named(key, [...key.path.slice(0, at), name]))
  })
}
