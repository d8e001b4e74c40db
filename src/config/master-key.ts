import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../domain/errors.ts'
import { text } from '../domain/text.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import { createSecretBox, KEY_BYTES } from '../lib/secret-box.ts'
import type { Environment } from './environment.ts'

/** Where the check value is kept; the settings repository satisfies it. */
export interface KeyCheckStore {
  get(key: string): Promise<string | null>
  /** Stores the value only when the key is absent; returns what is stored afterwards. */
  setIfAbsent(key: string, value: string): Promise<string>
}

/** The opened master key; its bytes stay inside. */
export interface MasterKey {
  readonly box: SecretBox
  /** `SMART_OPS_MASTER_KEY` or the path of the key file. */
  readonly source: string
}

/** Name of the setting that holds the check value. */
export const MASTER_KEY_CHECK = 'master_key_check'

const VARIABLE = 'SMART_OPS_MASTER_KEY'
const CHECKED_CONSTANT = 'smart-ops master key check v1'
/** How long the loser of a race waits for the winner to have written its file. */
const WRITE_WAIT_MS = 2_000
const RETRY_MS = 20

const refused = (zh: string, en: string, cause?: unknown): AppError =>
  new AppError('SECRET_UNREADABLE', text(zh, en), cause === undefined ? {} : { cause })

/** Returns the 32 bytes that a text stands for (hex or base64, padded or not, URL-safe or not), or null. */
function decodeKey(encoded: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(encoded)) return Buffer.from(encoded, 'hex')
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(encoded)) return null
  const key = Buffer.from(encoded, 'base64')
  return key.length === KEY_BYTES ? key : null
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown'

/** Returns the text of the key file, or null when there is none. */
function readKeyFile(path: string): string | null {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw refused(`主密钥文件 ${path} 无法读取`, `The master key file ${path} cannot be read`, error)
  }
  try {
    const mode = fstatSync(descriptor).mode & 0o777
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw refused(
        `主密钥文件 ${path} 可被其他用户访问(权限 ${mode.toString(8)});请执行 chmod 600`,
        `The master key file ${path} is open to other users (mode ${mode.toString(8)}); run chmod 600 on it`,
      )
    return readFileSync(descriptor, 'utf8').trim()
  } finally {
    closeSync(descriptor)
  }
}

/** Makes the key file; false when another process was first. */
function createKeyFile(dataDirectory: string, path: string): boolean {
  let descriptor: number
  try {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
    descriptor = openSync(path, 'wx', 0o600)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw refused(`无法创建主密钥文件 ${path}`, `The master key file ${path} cannot be made`, error)
  }
  try {
    writeSync(descriptor, `${randomBytes(KEY_BYTES).toString('base64')}\n`)
    fsyncSync(descriptor)
    return true
  } finally {
    closeSync(descriptor)
  }
}

/** Reads the key file, waiting a moment for a process that is just writing it. */
async function waitForKeyFile(path: string): Promise<Buffer> {
  for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
    const found = readKeyFile(path)
    const key = found === null ? null : decodeKey(found)
    if (key !== null) return key
    if (waitedMs >= WRITE_WAIT_MS)
      throw refused(
        `主密钥文件 ${path} 的内容无效:应为 ${KEY_BYTES} 字节的 base64 或十六进制`,
        `The master key file ${path} is not valid: it must hold ${KEY_BYTES} bytes as base64 or hex`,
      )
    await sleep(RETRY_MS)
  }
}

function keyFromVariable(found: string): Buffer {
  const key = decodeKey(found.trim())
  if (key !== null) return key
  throw refused(
    `环境变量 ${VARIABLE} 无效(内容已隐藏):应为 ${KEY_BYTES} 字节的 base64(44 个字符)或十六进制(64 个字符),可用 openssl rand -base64 ${KEY_BYTES} 生成`,
    `The variable ${VARIABLE} is not valid (its content is hidden): it must be ${KEY_BYTES} bytes as base64 (44 characters) or hex (64 characters); make one with openssl rand -base64 ${KEY_BYTES}`,
  )
}

const checkOf = (key: Buffer): Buffer => createHmac('sha256', key).update(CHECKED_CONSTANT).digest()

async function verify(key: Buffer, source: string, settings: KeyCheckStore): Promise<void> {
  const expected = checkOf(key)
  const stored = Buffer.from(
    await settings.setIfAbsent(MASTER_KEY_CHECK, expected.toString('base64')),
    'base64',
  )
  if (stored.length === expected.length && timingSafeEqual(stored, expected)) return
  throw new AppError(
    'MASTER_KEY_MISMATCH',
    text(
      `主密钥(${source})不是创建该数据库时使用的那一个`,
      `The master key (${source}) is not the one this database was made with`,
    ),
  )
}

/**
 * Returns the master key from `SMART_OPS_MASTER_KEY`, else from `<data>/master.key`, which is made with mode 0600 at
 * the first start. Throws AppError SECRET_UNREADABLE when it is malformed or open to other users, and
 * MASTER_KEY_MISMATCH when the database was made with another one, or with one that is gone.
 */
export async function loadMasterKey(options: {
  readonly env: Environment
  readonly dataDirectory: string
  readonly settings: KeyCheckStore
}): Promise<MasterKey> {
  const found = options.env[VARIABLE]
  const path = join(options.dataDirectory, 'master.key')
  let key: Buffer
  if (found !== undefined && found !== '') {
    key = keyFromVariable(found)
  } else {
    if (readKeyFile(path) === null) {
      // A new key could never match what the database was sealed with.
      if ((await options.settings.get(MASTER_KEY_CHECK)) !== null && readKeyFile(path) === null)
        throw new AppError(
          'MASTER_KEY_MISMATCH',
          text(
            `数据库已有主密钥,但 ${path} 不存在,也未设置 ${VARIABLE}`,
            `The database was made with a master key, but ${path} is missing and ${VARIABLE} is not set`,
          ),
        )
      createKeyFile(options.dataDirectory, path)
    }
    key = await waitForKeyFile(path)
  }
  const source = found !== undefined && found !== '' ? VARIABLE : path
  await verify(key, source, options.settings)
  return { box: createSecretBox(key), source }
}
