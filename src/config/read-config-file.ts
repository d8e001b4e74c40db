import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import type { AppError } from '../domain/errors.ts'
import { text } from '../domain/text.ts'
import { configError } from './config-problem.ts'

/** Where the file is looked for when `SMART_OPS_CONFIG` is not set. */
export const DEFAULT_CONFIG_FILE = './config/smart-ops.yaml'

/** A configuration larger than this is not one. */
const MAX_FILE_BYTES = 1_048_576

/** Returns the bytes of a file; throws as `node:fs` does. */
export type ReadFile = (path: string) => Uint8Array

/** Returns at most one byte more than is allowed, so that a huge or endless file costs nothing. */
function readRegularFile(path: string): Uint8Array {
  if (!statSync(path).isFile()) throw Object.assign(new Error('not a regular file'), { code: 'ENOTFILE' })
  const descriptor = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(MAX_FILE_BYTES + 1)
    let length = 0
    for (;;) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, null)
      if (read === 0 || length === buffer.length) return buffer.subarray(0, length)
      length += read
    }
  } finally {
    closeSync(descriptor)
  }
}

/** The text of the configuration file, and its name as shown to people. */
export interface ConfigFile {
  readonly name: string
  readonly source: string
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown'

function fileError(name: string, zh: string, en: string): AppError {
  return configError([{ source: name, keyPath: null, sentence: text(zh, en) }])
}

/**
 * Returns the configuration file, or null when none was asked for and the default one does not exist.
 * Throws AppError CONFIG_INVALID when it cannot be read, is larger than 1 MiB or is not UTF-8.
 */
export function readConfigFile(options: {
  readonly asked: string | undefined
  readonly cwd: string
  readonly readFile?: ReadFile | undefined
}): ConfigFile | null {
  const path = resolve(options.cwd, options.asked ?? DEFAULT_CONFIG_FILE)
  const inside = relative(options.cwd, path)
  const name = inside.startsWith('..') || isAbsolute(inside) ? path : inside
  let bytes: Uint8Array
  try {
    bytes = (options.readFile ?? readRegularFile)(path)
  } catch (error) {
    const code = codeOf(error)
    if (options.asked === undefined && (code === 'ENOENT' || code === 'ENOTDIR')) return null
    throw fileError(name, `无法读取配置文件(${code})`, `the configuration file cannot be read (${code})`)
  }
  if (bytes.length > MAX_FILE_BYTES)
    throw fileError(
      name,
      `配置文件大于允许的 ${MAX_FILE_BYTES} 字节`,
      `the configuration file is larger than the ${MAX_FILE_BYTES} bytes allowed`,
    )
  try {
    return { name, source: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw fileError(
      name,
      '配置文件不是 UTF-8 编码,请另存为 UTF-8',
      'the configuration file is not UTF-8: save it as UTF-8',
    )
  }
}
