import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { AppError } from '../domain/errors.ts'
import { ANY_NAME, CONFIG_KEYS } from './key-list.ts'
import { loadConfig } from './load-config.ts'

const RUNS = 2_000

/** Loads and reports whether it was a configuration or the one error that is allowed. */
function outcomeOf(bytes: Uint8Array, env: Record<string, string> = {}): 'config' | 'refused' {
  try {
    const config = loadConfig({
      env: { SMART_OPS_CONFIG: 'f.yaml', ...env },
      cwd: '/srv',
      readFile: () => bytes,
    })
    assert.ok(Object.isFrozen(config))
    return 'config'
  } catch (error) {
    if (error instanceof AppError && error.code === 'CONFIG_INVALID') {
      assert.ok(error.text.zh.length > 0 && error.text.en.length > 0)
      return 'refused'
    }
    throw error
  }
}

it('meets arbitrary bytes with a configuration or one clear error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      outcomeOf(bytes)
    }),
    { numRuns: RUNS },
  )
})

const scalar = fc.oneof(
  fc.constantFrom(
    '',
    '~',
    'off',
    '80',
    '8080',
    '-1',
    '1e9',
    '.inf',
    '"x"',
    "'",
    '"',
    'env:A',
    'file:/x',
    '* * * * *',
  ),
  fc.constantFrom(
    '[a, b]',
    '{a: 1}',
    '&x 1',
    '*x',
    '!!int x',
    '|',
    '>',
    '- 1',
    '? a',
    '# c',
    '0x1F',
    'zh',
    'UTC',
    './d',
  ),
  fc.string({ maxLength: 12 }),
)
const names = [...new Set(CONFIG_KEYS.flatMap((key) => key.path))]
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...names) },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
)
const line = fc
  .tuple(fc.constantFrom('', '  ', '    ', '\t'), name, fc.constantFrom(': ', ':', ' '), scalar)
  .map((parts) => parts.join(''))

it('meets arbitrary YAML of our own words with a configuration or one clear error', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      outcomeOf(Buffer.from(`${lines.join('\n')}\n`))
    }),
    { numRuns: RUNS },
  )
})

it('meets arbitrary values under its own keys, and takes some of them', () => {
  const section = fc.constantFrom(...CONFIG_KEYS)
  const value = fc.oneof(
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.string({ maxLength: 20 }),
    fc.constantFrom(null, [], {}, 50, 'zh'),
  )
  const seen = { config: 0, refused: 0 }
  fc.assert(
    fc.property(section, value, (key, content) => {
      const document = key.path.reduceRight<unknown>(
        (inner, part) => ({ [part === ANY_NAME ? 'some' : part]: inner }),
        content,
      )
      seen[outcomeOf(Buffer.from(JSON.stringify(document)))] += 1
    }),
    { numRuns: RUNS },
  )
  assert.ok(seen.config > 50 && seen.refused > 50, JSON.stringify(seen))
})

it('meets arbitrary variables with a configuration or one clear error', () => {
  const variable = fc.oneof(
    fc.constantFrom(...CONFIG_KEYS.map((key) => key.variable).filter((name) => name !== null)),
    fc.string({ maxLength: 8 }).map((end) => `SMART_OPS_${end}`),
  )
  fc.assert(
    fc.property(fc.dictionary(variable, scalar, { maxKeys: 4 }), (env) => {
      outcomeOf(Buffer.from(''), env)
    }),
    { numRuns: RUNS },
  )
})
