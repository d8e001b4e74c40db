/**
 * Makes the project runnable and runs it, on any Node from 20 and with nothing installed yet.
 *
 *   node scripts/bootstrap.mjs start [ARGS]       the product: `smart-ops up ARGS`
 *   node scripts/bootstrap.mjs test [FILTER…]     the tests
 *   node scripts/bootstrap.mjs test-slow [FILTER…]
 *   node scripts/bootstrap.mjs verify             format, lint, types, architecture, docs, unused code
 *   node scripts/bootstrap.mjs run FILE [ARGS]    one of the project's own programs
 *
 * It has no dependency and prints nothing when nothing is to be installed. Its exit status is the program's.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureInstalled, projectNode } from './bootstrap/install.mjs'
import { complain, Refusal } from './bootstrap/refusal.mjs'
import { runAsSelf } from './bootstrap/run-as-self.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What each command installs and then runs. */
const COMMANDS = {
  start: { mode: 'production', program: (args) => ['bin/cli.ts', 'up', ...args] },
  test: { mode: 'full', program: (args) => ['test/support/run-tests/main.ts', ...args] },
  'test-slow': { mode: 'full', program: (args) => ['test/support/run-tests/main.ts', '--slow', ...args] },
  verify: { mode: 'full', program: (args) => ['scripts/verify.ts', ...args] },
  run: { mode: 'full', program: (args) => args },
}

async function main() {
  const [name = '', ...args] = process.argv.slice(2)
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined)
    throw new Refusal(
      `没有命令「${name}」;可用:${Object.keys(COMMANDS).join('、')}。`,
      `There is no command "${name}"; allowed: ${Object.keys(COMMANDS).join(', ')}.`,
    )
  if (Number(process.versions.node.split('.')[0]) < 20)
    throw new Refusal(
      `需要 Node.js 20 或更高版本,当前为 ${process.versions.node}。请从 https://nodejs.org 安装后重试。`,
      `Node.js 20 or later is needed, this is ${process.versions.node}. Install one from https://nodejs.org and try again.`,
    )
  const program = command.program(args)
  if (program[0] === undefined || !existsSync(join(name === 'run' ? process.cwd() : root, program[0])))
    throw new Refusal(
      `找不到程序文件:${program[0] ?? '(未指定)'}`,
      `No such program file: ${program[0] ?? '(none given)'}`,
    )
  await ensureInstalled(root, command.mode)
  const file = name === 'run' ? program[0] : join(root, program[0])
  await runAsSelf(projectNode(root), [file, ...program.slice(1)])
}

main().catch((error) => {
  complain(error)
  process.exitCode = 1
})
