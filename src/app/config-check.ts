import { join } from 'node:path'
import process from 'node:process'
import { describeConfig } from '../config/describe-config.ts'
import { processEnvironment } from '../config/environment.ts'
import { readKnowledge } from '../config/knowledge.ts'
import { loadConfig } from '../config/load-config.ts'
import { type Language, pick, text } from '../domain/text.ts'
import { projectDirectory } from './paths.ts'

interface ConfigCheck {
  readonly print: (line: string) => void
  readonly language: Language
  readonly json: boolean
}

/** `config check`: every key with its value and where that came from. Throws CONFIG_INVALID listing every problem. */
export async function configCheck({ print, language, json }: ConfigCheck): Promise<number> {
  const config = loadConfig({ env: processEnvironment(), cwd: process.cwd() })
  readKnowledge(join(projectDirectory, 'knowledge'), config.knowledge.failuresDirectory).knownFailures()
  const effective = describeConfig(config)
  if (json) {
    print(JSON.stringify({ valid: true, settings: effective }))
    return 0
  }
  for (const { keyPath, value, source } of effective)
    print(`${keyPath} = ${JSON.stringify(value)}  (${source})`)
  print(pick(text('配置有效', 'The configuration is valid'), language))
  return 0
}
