import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { inspect, promisify } from 'node:util'
import { AppError } from '../domain/errors.ts'
import type { KeyCheckStore } from './master-key.ts'
import { loadMasterKey, MASTER_KEY_CHECK } from './master-key.ts'

function memorySettings(values = new Map<string, string>()): KeyCheckStore {
  return {
    get: async (key) => values.get(key) ?? null,
    setIfAbsent: async (key, value) => {
      if (!values.has(key)) values.set(key, value)
      return values.get(key) ?? value
    },
  }
}

const KEY = Buffer.alloc(32, 5)
let data = ''
beforeEach(() => {
  data = join(mkdtempSync(join(tmpdir(), 'smart-ops-key-')), 'data')
})
afterEach(() => rmSync(join(data, '..'), { recursive: true }))

const isError =
  (code: string, piece: string, hidden = '\0') =>
  (error: unknown): boolean => {
    assert.ok(error instanceof AppError)
    assert.equal(error.code, code)
    assert.ok(error.text.en.includes(piece), error.text.en)
    assert.ok(!inspect(error, { depth: 9 }).includes(hidden))
    return true
  }

describe('the key file', () => {
  it('is made once with mode 0600 and read afterwards', async () => {
    const settings = memorySettings()
    const first = await loadMasterKey({ env: {}, dataDirectory: data, settings })
    const path = join(data, 'master.key')
    assert.equal(first.source, path)
    assert.equal(statSync(path).mode & 0o777, 0o600)
    const content = readFileSync(path, 'utf8')
    assert.equal(Buffer.from(content.trim(), 'base64').length, 32)
    const second = await loadMasterKey({ env: {}, dataDirectory: data, settings })
    assert.equal(second.box.open('a', first.box.seal('a', 'x')), 'x')
    assert.equal(readFileSync(path, 'utf8'), content)
    assert.ok(!inspect(first, { depth: 9, showHidden: true }).includes(content.trim()))
  })

  it('is refused when others may read it', async () => {
    await loadMasterKey({ env: {}, dataDirectory: data, settings: memorySettings() })
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(join(data, 'master.key'), mode)
      await assert.rejects(
        loadMasterKey({ env: {}, dataDirectory: data, settings: memorySettings() }),
        isError('SECRET_UNREADABLE', `mode ${mode.toString(8)}`),
      )
    }
  })

  it('is refused when its content is no key', async () => {
    await loadMasterKey({ env: {}, dataDirectory: data, settings: memorySettings() })
    writeFileSync(join(data, 'master.key'), 'nonsense')
    await assert.rejects(
      loadMasterKey({ env: {}, dataDirectory: data, settings: memorySettings() }),
      isError('SECRET_UNREADABLE', '32 bytes as base64 or hex', 'nonsense'),
    )
  })

  it('is the same for processes that start at the same moment', async () => {
    const program = `
      const { loadMasterKey, MASTER_KEY_CHECK } = await import(${JSON.stringify(fileURLToPath(new URL('./master-key.ts', import.meta.url)))})
      const settings = { get: async () => null, setIfAbsent: async (key, value) => { process.stdout.write(value); return value } }
      await loadMasterKey({ env: {}, dataDirectory: process.argv[1], settings })`
    const run = promisify(execFile)
    const checks = await Promise.all(
      Array.from({ length: 6 }, () => run(process.execPath, ['--input-type=module', '-e', program, data])),
    )
    assert.equal(new Set(checks.map((check) => check.stdout)).size, 1)
    assert.ok((checks[0]?.stdout.length ?? 0) > 40)
  })
})

describe('SMART_OPS_MASTER_KEY', () => {
  it('takes hex and base64, and makes no file', async () => {
    const settings = memorySettings()
    for (const value of [
      KEY.toString('hex'),
      KEY.toString('base64'),
      KEY.toString('base64url'),
      `${KEY.toString('base64')}\n`,
    ]) {
      const key = await loadMasterKey({ env: { SMART_OPS_MASTER_KEY: value }, dataDirectory: data, settings })
      assert.equal(key.source, 'SMART_OPS_MASTER_KEY')
    }
    assert.ok(!existsSync(join(data, 'master.key')))
  })

  it('is refused without being shown when it is anything else', async () => {
    for (const value of [
      'short',
      'z'.repeat(64),
      KEY.toString('hex').slice(1),
      Buffer.alloc(31, 1).toString('base64'),
    ])
      await assert.rejects(
        loadMasterKey({
          env: { SMART_OPS_MASTER_KEY: value },
          dataDirectory: data,
          settings: memorySettings(),
        }),
        isError('SECRET_UNREADABLE', 'openssl rand -base64 32', value),
      )
  })
})

describe('the check value', () => {
  it('refuses another key than the one the database was made with', async () => {
    const settings = memorySettings()
    await loadMasterKey({ env: { SMART_OPS_MASTER_KEY: KEY.toString('hex') }, dataDirectory: data, settings })
    const other = Buffer.alloc(32, 6).toString('hex')
    await assert.rejects(
      loadMasterKey({ env: { SMART_OPS_MASTER_KEY: other }, dataDirectory: data, settings }),
      isError('MASTER_KEY_MISMATCH', 'not the one this database was made with', other),
    )
  })

  it('refuses a database whose key file is gone, and makes no new one', async () => {
    const settings = memorySettings()
    await loadMasterKey({ env: {}, dataDirectory: data, settings })
    rmSync(join(data, 'master.key'))
    await assert.rejects(
      loadMasterKey({ env: {}, dataDirectory: data, settings }),
      isError('MASTER_KEY_MISMATCH', 'master.key is missing'),
    )
    assert.ok(!existsSync(join(data, 'master.key')))
  })

  it('does not give the key away', async () => {
    const values = new Map<string, string>()
    await loadMasterKey({
      env: { SMART_OPS_MASTER_KEY: KEY.toString('hex') },
      dataDirectory: data,
      settings: memorySettings(values),
    })
    const stored = values.get(MASTER_KEY_CHECK) ?? ''
    assert.equal(Buffer.from(stored, 'base64').length, 32)
    assert.notEqual(stored, KEY.toString('base64'))
  })
})
