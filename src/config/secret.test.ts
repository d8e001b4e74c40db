import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { format, inspect } from 'node:util'
import { AppError } from '../domain/errors.ts'
import { createSecretBox } from '../lib/secret-box.ts'
import type { SecretSources } from './resolve-secret.ts'
import { resolveSecret } from './resolve-secret.ts'
import { Secret } from './secret.ts'

const PLANTED = 'Hunter2-planted-Zx9'
const folder = mkdtempSync(join(tmpdir(), 'smart-ops-secret-'))
after(() => rmSync(folder, { recursive: true }))

const box = createSecretBox(new Uint8Array(32).fill(7))
const sealed = new Map([
  ['token', box.seal('token', PLANTED)],
  ['moved', box.seal('token', PLANTED)],
])
const sources: SecretSources = {
  env: { GOOD: PLANTED, EMPTY: '' },
  reader: { get: async (name) => sealed.get(name) ?? null },
  box,
}

function secretFile(name: string, content: string, mode: number): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

const isRefused =
  (...pieces: readonly string[]) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof AppError)
    assert.equal(error.code, 'SECRET_UNREADABLE')
    assert.ok(!inspect(error, { depth: 9 }).includes(PLANTED))
    for (const piece of pieces) assert.ok(error.text.en.includes(piece), error.text.en)
    return true
  }

describe('Secret', () => {
  it('prints *** however it is printed, and gives its value only when asked', () => {
    const secret = new Secret(PLANTED)
    const printed = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect({ secret }, { showHidden: true }),
      format('%s %o %j', secret, secret, secret),
      Object.values(secret).join(),
    ].join('\n')
    assert.ok(!printed.includes(PLANTED), printed)
    assert.ok(printed.includes('***'))
    assert.equal(secret.reveal(), PLANTED)
  })
})

describe('resolveSecret', () => {
  it('reads a variable', async () => {
    assert.equal((await resolveSecret({ scheme: 'env', name: 'GOOD' }, sources)).reveal(), PLANTED)
    for (const name of ['EMPTY', 'MISSING'])
      await assert.rejects(
        resolveSecret({ scheme: 'env', name }, sources),
        isRefused(`env:${name}`, 'not set or empty'),
      )
  })

  it('reads a file, without one line break at its end', async () => {
    const path = secretFile('good', `${PLANTED} \n`, 0o600)
    assert.equal((await resolveSecret({ scheme: 'file', path }, sources)).reveal(), `${PLANTED} `)
    const windows = secretFile('windows', `${PLANTED}\r\n`, 0o640)
    assert.equal((await resolveSecret({ scheme: 'file', path: windows }, sources)).reveal(), PLANTED)
  })

  it('refuses a file that everyone can read, an empty, a missing and a huge one, and a folder', async () => {
    const refused: readonly (readonly [string, string])[] = [
      [secretFile('open', PLANTED, 0o644), 'readable by everyone (mode 644)'],
      [secretFile('empty', '\n', 0o600), 'is empty'],
      [join(folder, 'missing'), 'cannot be read (ENOENT)'],
      [secretFile('huge', PLANTED.repeat(9_000), 0o600), 'larger than 65536 bytes'],
      [folder, 'not a regular file'],
    ]
    for (const [path, piece] of refused)
      await assert.rejects(resolveSecret({ scheme: 'file', path }, sources), isRefused(path, piece))
  })

  it('opens an encrypted record under its own name only', async () => {
    assert.equal((await resolveSecret({ scheme: 'encrypted', name: 'token' }, sources)).reveal(), PLANTED)
    await assert.rejects(
      resolveSecret({ scheme: 'encrypted', name: 'moved' }, sources),
      isRefused('moved', 'does not open'),
    )
    await assert.rejects(
      resolveSecret({ scheme: 'encrypted', name: 'gone' }, sources),
      isRefused('no encrypted secret named gone'),
    )
    await assert.rejects(
      resolveSecret({ scheme: 'encrypted', name: 'token' }, { ...sources, box: null }),
      isRefused('not open yet'),
    )
  })
})
