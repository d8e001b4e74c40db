import process from 'node:process'
import type { z } from 'zod'
import { text } from '../domain/text.ts'
import { buildConfig } from './build-config.ts'
import type { Config } from './config.ts'
import type { ConfigProblem } from './config-problem.ts'
import { configError, showFound, showName, unknownProblem, valueProblem } from './config-problem.ts'
import { crossProblems, dropOtherDatabase } from './cross-checks.ts'
import type { Environment, Override } from './environment.ts'
import { processEnvironment, readEnvironment } from './environment.ts'
import type { ConfigKey } from './key-list.ts'
import { allowedNames, CONFIG_KEYS, isSection, keyAt, keysIn, mapAt } from './key-list.ts'
import type { ReadFile } from './read-config-file.ts'
import { readConfigFile } from './read-config-file.ts'
import { configSchema } from './schema.ts'
import { sshProblems } from './ssh-checks.ts'
import type { YamlSource } from './yaml-source.ts'
import { parseYamlSource } from './yaml-source.ts'

const TOLD_UNKNOWN_KEYS = 100

type Values = Record<string, unknown>

const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  let current = values
  for (const name of path) {
    if (Array.isArray(current)) current = current[Number(name)]
    else current = isRecord(current) && Object.hasOwn(current, name) ? current[String(name)] : undefined
  }
  return current
}

/** Returns a copy in which a section with nothing under it is left out; an entry of a mapping is none. */
function withoutEmptySections(values: Values, path: readonly string[] = []): Values {
  const kept: [string, unknown][] = []
  for (const [name, value] of Object.entries(values)) {
    const inner = [...path, name]
    if (!isSection(inner) || mapAt(path) !== null) kept.push([name, value])
    else if (value !== null) kept.push([name, isRecord(value) ? withoutEmptySections(value, inner) : value])
  }
  return Object.fromEntries(kept)
}

function unknownKeyProblem(file: YamlSource, path: readonly PropertyKey[], name: string): ConfigProblem {
  const section = path.map(String)
  const elsewhere = CONFIG_KEYS.filter((key) => key.path.at(-1) === name).map((key) => key.keyPath)
  return unknownProblem(file.locate([...path, name], 'key'), name, allowedNames(section) ?? [], {
    keyPath: [...section, showName(name)].join('.'),
    elsewhere,
    what: text('未知的键', 'unknown key'),
  })
}

/** A file that is no configuration may hold any number of keys; the first hundred are told one by one. */
function unknownKeyProblems(
  file: YamlSource,
  path: readonly PropertyKey[],
  names: readonly string[],
): readonly ConfigProblem[] {
  const told = names.slice(0, TOLD_UNKNOWN_KEYS).map((name) => unknownKeyProblem(file, path, name))
  const rest = names.length - told.length
  if (rest === 0) return told
  const sentence = text(`另有 ${rest} 个未知的键`, `${rest} more unknown keys`)
  return [{ source: file.locate(path, 'value'), keyPath: null, sentence }, ...told]
}

function issueProblems(file: YamlSource, values: Values, issue: z.core.$ZodIssue): readonly ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') return unknownKeyProblems(file, issue.path, issue.keys)
  if (issue.code === 'invalid_key') return [entryNameProblem(file, issue.path)]
  const value = valueAt(values, issue.path)
  const source = file.locate(issue.path, 'value')
  const key = keyAt(issue.path)
  if (key !== null) {
    const item = issue.path.length > key.path.length ? `[${String(issue.path.at(-1))}]` : ''
    return [{ ...valueProblem(source, key, value), keyPath: `${key.keyPath}${item}` }]
  }
  const found = showFound(null, value)
  const names = allowedNames(issue.path.map(String)) ?? []
  // A text where a section belongs may be anything, also a secret: its kind is told, not its content.
  const kind = typeof value === 'string' ? text('一段文本', 'a text') : found
  const sentence = text(
    `应为“键: 值”的映射,实际为 ${kind.zh};允许的键:${names.join('、')}`,
    `must be a mapping of "key: value"; found ${kind.en}; allowed keys: ${names.join(', ')}`,
  )
  return [{ source, keyPath: issue.path.map(String).join('.'), sentence }]
}

function entryNameProblem(file: YamlSource, path: readonly PropertyKey[]): ConfigProblem {
  const allowed = mapAt(path)?.allowed ?? text('', '')
  return {
    source: file.locate(path, 'key'),
    keyPath: [...path.slice(0, -1).map(String), showName(String(path.at(-1)))].join('.'),
    sentence: text(`名称无效;允许:${allowed.zh}`, `invalid name; allowed: ${allowed.en}`),
  }
}

const lineIn = (source: string): number => Number(/:(\d+):\d+$/.exec(source)?.[1] ?? 0)

/** One problem per place, however many rules the value there breaks. */
function fileProblems(file: YamlSource, values: Values): readonly ConfigProblem[] {
  const checked = configSchema.safeParse(values)
  if (checked.success) return []
  const problems = new Map<string, ConfigProblem>()
  for (const issue of checked.error.issues)
    for (const problem of issueProblems(file, values, issue)) {
      const place = `${problem.source} ${problem.keyPath}`
      if (!problems.has(place)) problems.set(place, problem)
    }
  return [...problems.values()].sort((a, b) => lineIn(a.source) - lineIn(b.source))
}

/** Returns the file's values with the overrides put over them. */
function merge(values: Values, overrides: readonly Override[]): Values {
  return overrides.reduce((merged, { key, value }) => withValue(merged, key.path, value), values)
}

function withValue(values: Values, [name = '', ...rest]: readonly string[], value: unknown): Values {
  if (rest.length === 0) return { ...values, [name]: value }
  const section = values[name]
  return { ...values, [name]: withValue(isRecord(section) ? section : {}, rest, value) }
}

/** What {@link loadConfig} reads; everything may be given, so that tests touch neither environment nor disk. */
export interface ConfigSources {
  /** Default: the environment of this process. */
  readonly env?: Environment
  /** Relative paths start here. Default: the working directory. */
  readonly cwd?: string
  /** Default: `node:fs`. */
  readonly readFile?: ReadFile
}

/**
 * Returns the configuration in force, deeply frozen: environment over file over defaults. The file is the one
 * `SMART_OPS_CONFIG` names, else `./config/smart-ops.yaml` where it exists. Throws AppError CONFIG_INVALID that lists
 * every problem with its place, what was found and what is allowed; secrets are never part of it.
 */
export function loadConfig(sources: ConfigSources = {}): Config {
  const env = sources.env ?? processEnvironment()
  const cwd = sources.cwd ?? process.cwd()
  const asked = env['SMART_OPS_CONFIG'] === '' ? undefined : env['SMART_OPS_CONFIG']
  const file = readConfigFile({ asked, cwd, readFile: sources.readFile })
  const yaml = file === null ? null : parseYamlSource(file.source, file.name)
  const values = withoutEmptySections(yaml === null ? {} : { ...yaml.values })
  const { overrides, problems } = readEnvironment(
    env,
    keysIn(values)
      .filter((key) => key.kind === 'secret')
      .map((key) => valueAt(values, key.path)),
  )
  const found = [...(yaml === null ? [] : fileProblems(yaml, values)), ...problems]
  if (found.length > 0) throw configError(found)

  const variables = new Set(overrides.map((override) => override.key.variable))
  const fileValues = dropOtherDatabase(values, overrides)
  const sourceOf = (key: ConfigKey): string => {
    if (key.variable !== null && variables.has(key.variable)) return `env ${key.variable}`
    return valueAt(fileValues, key.path) === undefined || yaml === null ? 'default' : yaml.lineOf(key.path)
  }
  const raw = configSchema.parse(merge(fileValues, overrides))
  const placeOf = (path: readonly string[], what: 'key' | 'value'): string => {
    const key = keyAt(path)
    const source = key === null ? null : sourceOf(key)
    return source?.startsWith('env ') || yaml === null ? (source ?? path.join('.')) : yaml.locate(path, what)
  }
  const crossed = [...crossProblems(raw, sourceOf), ...sshProblems(raw.ssh, placeOf)]
  if (crossed.length > 0) throw configError(crossed)
  return buildConfig(raw, { cwd, sourceOf })
}
