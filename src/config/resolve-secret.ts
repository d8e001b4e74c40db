import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { AppError } from '../domain/errors.ts'
import { text } from '../domain/text.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import { SecretBoxError } from '../lib/secret-box.ts'
import type { Environment } from './environment.ts'
import type { SecretReference } from './secret.ts'
import { Secret } from './secret.ts'

/** Where encrypted secrets are stored; a repository of the store satisfies it. */
interface SecretReader {
  /** Returns the sealed text; null when there is none of that name. */
  get(name: string): Promise<string | null>
}

/** Largest file that is taken for a secret. */
const MAX_SECRET_BYTES = 65_536
const READABLE_BY_OTHERS = 0o004

const unreadable = (zh: string, en: string, cause?: unknown): AppError =>
  new AppError('SECRET_UNREADABLE', text(zh, en), cause === undefined ? {} : { cause })

function fromEnvironment(name: string, env: Environment): string {
  const value = env[name]
  if (value === undefined || value === '')
    throw unreadable(
      `密钥来源 env:${name}:环境变量 ${name} 未设置或为空`,
      `The secret env:${name}: the variable ${name} is not set or empty`,
    )
  return value
}

function fromFile(path: string): string {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw unreadable(
      `密钥文件 ${path} 无法读取(${code})`,
      `The secret file ${path} cannot be read (${code})`,
      error,
    )
  }
  try {
    const status = fstatSync(descriptor)
    if (!status.isFile() || status.size > MAX_SECRET_BYTES)
      throw unreadable(
        `密钥文件 ${path} 不是普通文件,或大于 ${MAX_SECRET_BYTES} 字节`,
        `The secret file ${path} is not a regular file, or is larger than ${MAX_SECRET_BYTES} bytes`,
      )
    if (process.platform !== 'win32' && (status.mode & READABLE_BY_OTHERS) !== 0)
      throw unreadable(
        `密钥文件 ${path} 可被任何用户读取(权限 ${(status.mode & 0o777).toString(8)});请执行 chmod o-rwx`,
        `The secret file ${path} is readable by everyone (mode ${(status.mode & 0o777).toString(8)}); run chmod o-rwx on it`,
      )
    const value = readFileSync(descriptor, 'utf8').replace(/\r?\n$/, '')
    if (value === '') throw unreadable(`密钥文件 ${path} 为空`, `The secret file ${path} is empty`)
    return value
  } finally {
    closeSync(descriptor)
  }
}

async function fromDatabase(
  name: string,
  reader: SecretReader | null,
  box: SecretBox | null,
): Promise<string> {
  if (reader === null || box === null)
    throw unreadable(
      `密钥 encrypted:${name} 须先打开数据库与主密钥才能读取`,
      `The secret encrypted:${name} needs the database and the master key, which are not open yet`,
    )
  const sealed = await reader.get(name)
  if (sealed === null)
    throw unreadable(
      `数据库中没有名为 ${name} 的加密密钥`,
      `The database holds no encrypted secret named ${name}`,
    )
  try {
    return box.open(name, sealed)
  } catch (error) {
    if (!(error instanceof SecretBoxError)) throw error
    throw unreadable(
      `数据库中的加密密钥 ${name} 无法解密:已被改动,或不是用当前主密钥加密的`,
      `The encrypted secret ${name} in the database does not open: it was changed, or sealed under another master key`,
      error,
    )
  }
}

/** What secrets are read from; `reader` and `box` are null as long as the database is not open. */
export interface SecretSources {
  readonly env: Environment
  readonly reader: SecretReader | null
  readonly box: SecretBox | null
}

/**
 * Returns the secret that a reference points to. Throws AppError SECRET_UNREADABLE when it is missing, empty, in a
 * file that everyone can read, or does not decrypt; the error never holds the value.
 */
export async function resolveSecret(reference: SecretReference, sources: SecretSources): Promise<Secret> {
  switch (reference.scheme) {
    case 'env':
      return new Secret(fromEnvironment(reference.name, sources.env))
    case 'file':
      return new Secret(fromFile(reference.path))
    case 'encrypted':
      return new Secret(await fromDatabase(reference.name, sources.reader, sources.box))
  }
}
