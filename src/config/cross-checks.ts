import { text } from '../domain/text.ts'
import type { ConfigProblem } from './config-problem.ts'
import type { Override } from './environment.ts'
import type { ConfigKey } from './key-list.ts'
import { CONFIG_KEYS } from './key-list.ts'
import type { RawConfig } from './schema.ts'

/** Keys that mean something only with `database.host`. */
const MYSQL_ONLY = ['user', 'password', 'database'] as const

const databaseKey = (name: string): ConfigKey => {
  const key = CONFIG_KEYS.find((candidate) => candidate.keyPath === `database.${name}`)
  if (key === undefined) throw new Error(`no configuration key database.${name}`)
  return key
}

/**
 * Returns the file's values without the database that the environment replaces: a variable that chooses SQLite drops
 * the file's MySQL keys, one that chooses a host drops the file's `sqlite`.
 */
export function dropOtherDatabase(
  values: Readonly<Record<string, unknown>>,
  overrides: readonly Override[],
): Record<string, unknown> {
  const chosen = (name: string): boolean => overrides.some(({ key }) => key.keyPath === `database.${name}`)
  const section = values['database']
  if (typeof section !== 'object' || section === null || chosen('host') === chosen('sqlite'))
    return { ...values }
  const dropped: readonly string[] = chosen('host') ? ['sqlite'] : ['host', ...MYSQL_ONLY]
  return {
    ...values,
    database: Object.fromEntries(Object.entries(section).filter(([name]) => !dropped.includes(name))),
  }
}

function databaseProblems(raw: RawConfig, sourceOf: (key: ConfigKey) => string): readonly ConfigProblem[] {
  const { database } = raw
  if (database.host !== undefined && database.sqlite !== undefined) {
    const other = databaseKey('sqlite')
    const sentence = text(
      `与 database.sqlite(${sourceOf(other)})冲突;允许:只写其中一个`,
      `conflicts with database.sqlite (${sourceOf(other)}); allowed: one of the two`,
    )
    return [{ source: sourceOf(databaseKey('host')), keyPath: 'database.host', sentence }]
  }
  const hasHost = database.host !== undefined
  return MYSQL_ONLY.filter((name) => (database[name] !== undefined) !== hasHost).map((name) => {
    const key = databaseKey(name)
    if (hasHost) {
      const sentence = text(
        `缺少:设置 database.host 时必填;允许:${key.allowed.zh}`,
        `missing, but needed with database.host; allowed: ${key.allowed.en}`,
      )
      return { source: sourceOf(databaseKey('host')), keyPath: key.keyPath, sentence }
    }
    const sentence = text(
      '只与 database.host 一起使用,而 database.host 未设置;请补上,或删除此键',
      'is only used with database.host, which is not set: add it, or remove this key',
    )
    return { source: sourceOf(key), keyPath: key.keyPath, sentence }
  })
}

const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::'

function portProblems(raw: RawConfig, sourceOf: (key: ConfigKey) => string): readonly ConfigProblem[] {
  const { web, mcp } = raw
  const isSameHost = web.host === mcp.host || isWildcard(web.host) || isWildcard(mcp.host)
  if (web.port !== mcp.port || !isSameHost) return []
  const [first, second] = ['web.port', 'mcp.port'].map((path) => {
    const key = CONFIG_KEYS.find((candidate) => candidate.keyPath === path)
    return key === undefined ? path : sourceOf(key)
  })
  const sentence = text(
    `与 web.port(${first})相同:实际均为 ${mcp.port};允许:两个不同的端口`,
    `is the same as web.port (${first}): found ${mcp.port} for both; allowed: two different ports`,
  )
  return [{ source: second ?? 'mcp.port', keyPath: 'mcp.port', sentence }]
}

/** Returns what is wrong between keys that are each fine. `sourceOf` tells where a key was set. */
export const crossProblems = (
  raw: RawConfig,
  sourceOf: (key: ConfigKey) => string,
): readonly ConfigProblem[] => [...databaseProblems(raw, sourceOf), ...portProblems(raw, sourceOf)]
