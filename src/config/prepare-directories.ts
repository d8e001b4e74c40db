import { accessSync, constants, mkdirSync } from 'node:fs'
import { text } from '../domain/text.ts'
import type { Config } from './config.ts'
import type { ConfigProblem } from './config-problem.ts'
import { configError } from './config-problem.ts'

function directoryProblem(config: Config, keyPath: string, path: string): ConfigProblem | null {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    return null
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const source = config.effective.find((setting) => setting.keyPath === keyPath)?.source ?? 'default'
    const sentence = text(
      `目录 ${path} 无法创建或写入(${code});允许:本用户可写的目录`,
      `the folder ${path} cannot be made or written to (${code}); allowed: a folder this user may write to`,
    )
    return { source, keyPath, sentence }
  }
}

/**
 * Makes the data and log folders (mode 0700) where they are missing. Throws AppError CONFIG_INVALID that names the
 * key and where it was set when one cannot be made or written to.
 */
export function prepareDirectories(config: Config): void {
  const problems = [
    directoryProblem(config, 'data_directory', config.dataDirectory),
    directoryProblem(config, 'log.directory', config.log.directory),
  ].filter((problem) => problem !== null)
  if (problems.length > 0) throw configError(problems)
}
