import type { SudoRefusal } from '../domain/sudo-refusal.ts'
import { SUDO_SILENCE_MS } from '../domain/sudo-refusal.ts'
import { type Text, text } from '../domain/text.ts'
import { quoteForShell } from '../lib/quote-for-shell.ts'

/** Refusals of one server that are remembered; a probe has far fewer commands, whatever its drives. */
const MAX_REFUSALS = 64
/** What a command of ours looks like. What a server prints instead is no reason for anything. */
const COMMAND_PATTERN = /^[A-Za-z0-9/_.:,+=@-]+(?: [A-Za-z0-9/_.:,+=@-]+)*$/
const MAX_COMMAND_LENGTH = 200

/**
 * How sudo 1.8, sudo 1.9 and sudo-rs refuse under `LC_ALL=C`: a password would be needed, the rules do not permit it,
 * the account is in no rule, or a terminal is wanted.
 */
const REFUSED =
  /^(?:sudo: .*(?:password is required|authentication is required|must have a tty|required to read the password).*|sudo: I'm sorry .*|Sorry, user .* (?:is not allowed to|may not run) .*|.* is not in the sudoers file.*)$/

/** What `as_root` prints after a call that sudo ended with exit 1, whoever's exit that was. */
const FAILED_CALL = /^sudo -n (.*): exit 1$/

/** Returns the commands that sudo refused, from what a section printed to stderr. Linear in its size. */
export function findSudoRefusals(stderr: string): readonly string[] {
  const commands = new Set<string>()
  let isRefused = false
  for (const line of stderr.split('\n')) {
    const command = line.length > 2 * MAX_COMMAND_LENGTH ? undefined : FAILED_CALL.exec(line)?.[1]
    if (command === undefined) {
      isRefused ||= line.length < 1_000 && REFUSED.test(line)
      continue
    }
    if (isRefused && isCommand(command)) commands.add(command)
    isRefused = false
  }
  return [...commands].slice(0, MAX_REFUSALS)
}

const isCommand = (word: string): boolean => word.length <= MAX_COMMAND_LENGTH && COMMAND_PATTERN.test(word)

/** Returns shell that defines `sudo_barred COMMAND`: says why and succeeds for a command that sudo is not asked for now. */
export function sudoBarredSh(refusals: readonly SudoRefusal[]): string {
  const cases = refusals
    .filter(({ command }) => isCommand(command))
    .slice(0, MAX_REFUSALS)
    .map(({ command, refusedAt }) => {
      const until = new Date(refusedAt.getTime() + SUDO_SILENCE_MS)
      const why = `sudo: ${command}: refused at ${refusedAt.toISOString()}, not asked again until ${until.toISOString()}`
      return `    ${quoteForShell(command)}) echo ${quoteForShell(why)} >&2 ;;\n`
    })
  return cases.length === 0
    ? 'sudo_barred() { return 1; }\n'
    : `sudo_barred() {\n  case $1 in\n${cases.join('')}    *) return 1 ;;\n  esac\n}\n`
}

const BARRED = /^sudo: .*, not asked again until /m

/** Returns the remedy of a section in which sudo refused, with when it is asked again. */
export function withSudoHint(remedy: Text | null, stderr: string): Text | null {
  if (remedy === null || (!BARRED.test(stderr) && findSudoRefusals(stderr).length === 0)) return remedy
  return text(
    `${remedy.zh}被 sudo 拒绝的命令 24 小时内不再尝试;授权后执行 \`smart-ops servers test\` 即重新询问。`,
    `${remedy.en} What sudo refused is not tried again for 24 hours; after permitting it, \`smart-ops servers test\` asks at once.`,
  )
}
