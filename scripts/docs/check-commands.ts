import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as operations from '../../src/operations/registry.ts'
import * as services from '../../src/services/registry.ts'
import type { AnyOperation } from '../../src/services/service-definition.ts'
import { createCli } from '../../src/surfaces/cli/index.ts'
import type { MarkdownFile } from './markdown-file.ts'

type Command = ReturnType<typeof createCli>['program']

const unused = (): Promise<never> => Promise.reject(new Error('documentation runs nothing'))
const silent = { write: () => undefined, isTTY: false, columns: 80 }

/** Returns the command line as the product offers it; nothing of it is ever run here. */
function commandTree(): Command {
  return createCli({
    stdout: silent,
    stderr: silent,
    readStdin: unused,
    language: 'en',
    timeZone: 'UTC',
    version: '0.0.0',
    operations: new Map<string, AnyOperation>(Object.entries({ ...services, ...operations })),
    openDoor: unused,
    signal: new AbortController().signal,
    processes: {
      up: unused,
      web: unused,
      mcp: unused,
      dbMigrate: unused,
      dbStatus: unused,
      dbSchema: unused,
      configCheck: unused,
      configSecret: unused,
    },
  }).program
}

/** Says what is wrong with the words after `smart-ops`, or null. `…` and `UPPER_CASE` words stand for anything. */
function checkProductCommand(program: Command, words: readonly string[]): string | null {
  let command = program
  const rest = [...words]
  for (let next = rest[0]; next !== undefined && !next.startsWith('-'); next = rest[0]) {
    const child = command.commands.find((one) => one.name() === next || one.aliases().includes(next ?? ''))
    if (child === undefined) break
    command = child
    rest.shift()
  }
  const [first] = rest
  const isGroup = command.commands.length > 0
  if (isGroup && first !== undefined && !first.startsWith('-') && first !== 'help')
    return `there is no command "${words.join(' ')}"`
  if (isGroup && first === undefined && command !== program)
    return `"${words.join(' ')}" is not a whole command`
  const known = command.options.flatMap((option) => [option.long, option.short])
  const unknown = rest
    .filter((word) => /^--?[a-z]/i.test(word))
    .find((word) => !known.includes(word.split('=')[0]) && !['--help', '-h'].includes(word))
  return unknown === undefined ? null : `"${command.name()}" has no option ${unknown}`
}

/** Says what is wrong with an npm command, or null. */
function checkNpmCommand(scripts: ReadonlySet<string>, words: readonly string[]): string | null {
  const [verb = '', name = ''] = words
  if (verb === 'start' || verb === 'test')
    return scripts.has(verb) ? null : `package.json has no script ${verb}`
  if (verb === 'run') return scripts.has(name) ? null : `package.json has no script ${name}`
  return null
}

function checkLine(
  root: string,
  scripts: ReadonlySet<string>,
  program: Command,
  text: string,
): string | null {
  const [command = ''] = text.replace(/^\s*[$#]\s+/, '').split(/\s+#\s|\s*[|>&;]\s/)
  const [first = '', ...words] = command.trim().split(/\s+/)
  if (first === 'npm') return checkNpmCommand(scripts, words)
  if (first === 'npx' && words[0] === 'smart-ops') return checkProductCommand(program, words.slice(1))
  if (/^(\.\/)?(bin\/)?smart-ops$/.test(first)) return checkProductCommand(program, words)
  const isOwnFile = first === 'node' || first === 'bash' || first === 'sh'
  const file = isOwnFile ? words.find((word) => !word.startsWith('-')) : undefined
  const missing =
    file !== undefined && /^(scripts|test|bin|\.ci)\//.test(file) && !existsSync(join(root, file))
  return missing ? `${file} does not exist` : null
}

const SHELLS = new Set(['sh', 'bash', 'shell', 'console'])

/** Returns a line for every command in a shell code block that the project does not have. */
export function checkCommands(root: string, files: readonly MarkdownFile[]): string[] {
  const parsed: { scripts?: Record<string, string> } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  const scripts = new Set(Object.keys(parsed.scripts ?? {}))
  const program = commandTree()
  return files.flatMap((file) =>
    file.code
      // In a transcript only the lines behind a prompt are commands.
      .filter(
        ({ language, text }) => SHELLS.has(language) && (language !== 'console' || /^\s*\$ /.test(text)),
      )
      .flatMap(({ line, text }) => {
        const wrong = checkLine(root, scripts, program, text)
        return wrong === null ? [] : [`${file.path}:${line}: ${wrong}`]
      }),
  )
}
