import process from 'node:process'
import { processEnvironment } from '../config/environment.ts'
import { loadConfig } from '../config/load-config.ts'
import { loadMasterKey } from '../config/master-key.ts'
import { prepareDirectories } from '../config/prepare-directories.ts'
import { AppError } from '../domain/errors.ts'
import { type Language, pick, text } from '../domain/text.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import { openConfiguredStore, requireSchema } from './open-configured-store.ts'

interface StoreSecret {
  readonly print: (line: string) => void
  readonly language: Language
  readonly name: string
  /** What stood on standard input; its last line break does not belong to the secret. */
  readonly value: string
}

/** `config secret`: seals the value under the master key and stores it. Throws INPUT_INVALID on an empty value. */
export async function storeSecret({ print, language, name, value }: StoreSecret): Promise<number> {
  const secret = value.replace(/\r?\n$/, '')
  if (secret === '') {
    const sentence = text(
      '标准输入为空;请把密钥写到标准输入,例如 `smart-ops config secret --name NAME < FILE`',
      'standard input is empty; write the secret to it, for example `smart-ops config secret --name NAME < FILE`',
    )
    throw new AppError('INPUT_INVALID', sentence, { details: { field: 'stdin' } })
  }
  const env = processEnvironment()
  const config = loadConfig({ env, cwd: process.cwd() })
  prepareDirectories(config)
  const store = await openConfiguredStore(config, env, { clock: systemClock, logger: silentLogger })
  try {
    await requireSchema(store)
    const { box } = await loadMasterKey({
      env,
      dataDirectory: config.dataDirectory,
      settings: store.settings,
    })
    await store.secrets.put(name, box.seal(name, secret))
  } finally {
    await store.close()
  }
  print(
    pick(
      text(
        `已加密保存;配置中写 encrypted:${name}`,
        `Stored encrypted; the configuration says encrypted:${name}`,
      ),
      language,
    ),
  )
  return 0
}
