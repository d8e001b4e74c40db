import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as operations from '../../src/operations/registry.ts'
import * as services from '../../src/services/registry.ts'
import type { NewService } from './new-service-files.ts'
import { camelCase, ScaffoldError } from './write-files.ts'

/** First words of the commands that are not in the registries. */
const PROGRAM_WORDS = ['up', 'web', 'mcp', 'db', 'config', 'services', 'help', 'agent', 'wecom', 'worker']

const listServices = (root: string): string[] =>
  existsSync(join(root, 'src/services'))
    ? readdirSync(join(root, 'src/services')).filter((name) => name.startsWith('service_'))
    : []

/** Returns the service that the arguments ask for. Throws ScaffoldError, saying what is allowed. */
export function checkServiceArguments(
  root: string,
  positionals: readonly string[],
  titles: { readonly zh: string | undefined; readonly en: string | undefined },
): NewService {
  const [serviceId = '', slug = '', ...more] = positionals
  if (!/^\d{3}$/.test(serviceId) || serviceId === '000')
    throw new ScaffoldError(`number "${serviceId}": three digits from 001 to 999 are allowed`)
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(slug) || slug.length > 40)
    throw new ScaffoldError(
      `slug "${slug}": up to 40 lower-case letters and digits, words joined by _, such as disk_health`,
    )
  if (more.length > 0) throw new ScaffoldError(`nothing may follow the slug, found "${more.join(' ')}"`)
  const folders = listServices(root)
  const taken = folders.find((name) => name.startsWith(`service_${serviceId}_`))
  if (taken !== undefined) throw new ScaffoldError(`number ${serviceId} is taken by src/services/${taken}`)
  const sameSlug = folders.find((name) => name.slice('service_NNN_'.length) === slug)
  if (sameSlug !== undefined) throw new ScaffoldError(`slug ${slug} is taken by src/services/${sameSlug}`)
  const word = slug.replaceAll('_', '-')
  const commands = [...Object.values(services), ...Object.values(operations)].map(({ command }) => command[0])
  if ([...PROGRAM_WORDS, ...commands].includes(word))
    throw new ScaffoldError(`slug ${slug}: the command "smart-ops ${word}" exists already; choose another`)
  if (
    ['input', 'output', 'pick', 'text', 'defineService'].includes(camelCase(slug)) ||
    isReserved(camelCase(slug))
  )
    throw new ScaffoldError(
      `slug ${slug}: ${camelCase(slug)} cannot be the name of a constant here; choose another`,
    )
  const words = slug.replaceAll('_', ' ')
  const titleEn = titles.en ?? `${words[0]?.toUpperCase()}${words.slice(1)}`
  return { serviceId, slug, titleZh: titles.zh ?? `服务 ${serviceId}`, titleEn }
}

/** True for a word of the language, such as `delete`. */
function isReserved(word: string): boolean {
  try {
    new Function(`const ${word} = 1`)
    return false
  } catch (error) {
    if (error instanceof SyntaxError) return true
    throw error
  }
}
