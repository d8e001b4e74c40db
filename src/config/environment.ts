import process from 'node:process'
import { z } from 'zod'
import { text } from '../domain/text.ts'
import type { ConfigProblem } from './config-problem.ts'
import { unknownProblem, valueProblem } from './config-problem.ts'
import type { ConfigKey } from './key-list.ts'
import { CONFIG_KEYS, SECTIONS } from './key-list.ts'

/** Environment variables, as a value. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Returns a copy of this process's environment. The only place that reads it. */
export const processEnvironment = (): Environment => ({ ...process.env })

/** Our variables that are not keys of the configuration. */
export const OTHER_VARIABLES = ['SMART_OPS_CONFIG', 'SMART_OPS_MASTER_KEY'] as const

const PREFIX = 'SMART_OPS_'
const TEST_PREFIX = 'SMART_OPS_TEST_'

/** A key that a variable sets. */
export interface Override {
  readonly key: ConfigKey
  readonly value: unknown
}

function overrideValue(key: ConfigKey, found: string): unknown {
  if (key.kind === 'integer' || key.kind === 'number')
    return /^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(found.trim()) ? Number(found) : found
  if (key.kind === 'boolean' && /^(?:true|false)$/i.test(found.trim()))
    return found.trim().toLowerCase() === 'true'
  if (key.kind !== 'list') return found
  return found
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/** Returns the variables of the section that a name speaks of, or all of them when it speaks of none. */
function variablesNear(name: string, known: readonly string[]): readonly string[] {
  const section = SECTIONS.find((candidate) => name.startsWith(`${PREFIX}${candidate.toUpperCase()}_`))
  if (section === undefined) return known
  return known.filter((variable) => variable.startsWith(`${PREFIX}${section.toUpperCase()}_`))
}

/** Returns the name in `env:NAME`, or null for anything else. */
const holderIn = (reference: unknown): string | null =>
  typeof reference === 'string' && reference.startsWith('env:') ? reference.slice('env:'.length) : null

/** Variables that hold a secret some key points to with `env:NAME`; they override nothing. */
function secretHolders(env: Environment, fileReferences: readonly unknown[]): ReadonlySet<string> {
  const references = CONFIG_KEYS.filter((key) => key.kind === 'secret').map((key) =>
    key.variable === null ? undefined : env[key.variable],
  )
  return new Set([...fileReferences, ...references].map(holderIn).filter((name) => name !== null))
}

/**
 * Returns the overrides that the variables `SMART_OPS_*` make, and what is wrong with them. A variable without text
 * counts as not set, unless the empty text is a value of its key (a schedule that is off). `fileReferences` are what
 * the file says where its secrets are.
 */
export function readEnvironment(
  env: Environment,
  fileReferences: readonly unknown[],
): { readonly overrides: readonly Override[]; readonly problems: readonly ConfigProblem[] } {
  const holders = secretHolders(env, fileReferences)
  const overrides: Override[] = []
  const problems: ConfigProblem[] = []
  const known = [
    ...CONFIG_KEYS.map((key) => key.variable).filter((variable) => variable !== null),
    ...OTHER_VARIABLES,
  ]
  for (const [name, found] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || name.startsWith(TEST_PREFIX) || found === undefined) continue
    if (holders.has(name) || OTHER_VARIABLES.some((other) => other === name)) continue
    const key = CONFIG_KEYS.find((candidate) => candidate.variable === name)
    if (key === undefined) {
      const what = text('未知的环境变量', 'unknown variable')
      problems.push(
        unknownProblem(name, name, variablesNear(name, known), { keyPath: null, elsewhere: [], what }),
      )
      continue
    }
    if (found === '' && key.kind !== 'schedule') continue
    const value = overrideValue(key, found)
    if (z.safeParse(key.schema, value).success) overrides.push({ key, value })
    else problems.push(valueProblem(name, key, key.kind === 'list' ? found : value))
  }
  return { overrides, problems }
}
