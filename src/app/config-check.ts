import process from 'node:process'
import { describeConfig } from '../config/describe-config.ts'
import { processEnvironment } from '../config/environment.ts'
import { loadConfig } from '../config/load-config.ts'
import { type Language, pick, text } from '../domain/text.ts'

interface ConfigCheck {
  readonly print: (line: string) => void
  readonly language: Language
  readonly json: boolean
}

/** `config check`: every key with its value and where that came from. Throws CONFIG_INVALID listing every problem. */
export async function configCheck({ print, language, json }: ConfigCheck): Promise<number> {
  const effective = describeConfig(loadConfig({ env: processEnvironment(), cwd: process.cwd() }))
  if (json) {
    print(JSON.stringify({ valid: true, settings: effective }))
    return 0
  }
  for (const { keyPath, value, source } of effective)
    print(`${keyPath} = ${JSON.stringify(value)}  (${source})`)
  print(pick(text('配置有效', 'The configuration is valid'), language))
  return 0
}
