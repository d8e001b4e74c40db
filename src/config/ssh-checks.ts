import type { Text } from '../domain/text.ts'
import { text } from '../domain/text.ts'
import type { ConfigProblem } from './config-problem.ts'
import type { RawSsh } from './ssh-schema.ts'
import { suggestName } from './suggest.ts'

/** Returns `<file>:<line>:<column>` of a key or its value, or the variable that set it. */
export type PlaceOf = (path: readonly string[], what: 'key' | 'value') => string

/** Returns what is wrong between the names of the section `ssh`. */
export function sshProblems(ssh: RawSsh, placeOf: PlaceOf): readonly ConfigProblem[] {
  return [
    ...unknownNames(ssh, placeOf),
    ...Object.entries(ssh.credentials).flatMap(([name, credential]) =>
      credentialProblems(['ssh', 'credentials', name], credential, placeOf),
    ),
    ...jumpHostLoops(ssh, placeOf),
  ]
}

function unknownNames(ssh: RawSsh, placeOf: PlaceOf): readonly ConfigProblem[] {
  const problem = (
    path: readonly string[],
    wanted: string | undefined,
    kind: 'credentials' | 'jump_hosts',
  ): readonly ConfigProblem[] => {
    const known = Object.keys(ssh[kind])
    if (wanted === undefined || known.includes(wanted)) return []
    const near = suggestName(wanted, known)
    const meant = near === null ? text('', '') : text(`,是否想写 ${near}?`, `, did you mean ${near}?`)
    const list =
      known.length === 0 ? text('(一个也没有)', '(there are none)') : text(known.join('、'), known.join(', '))
    const sentence = text(
      `ssh.${kind} 中没有 ${wanted}${meant.zh};已定义:${list.zh}`,
      `ssh.${kind} has no ${wanted}${meant.en}; defined: ${list.en}`,
    )
    return [{ source: placeOf(path, 'value'), keyPath: path.join('.'), sentence }]
  }
  return [
    ...problem(['ssh', 'defaults', 'credential'], ssh.defaults.credential, 'credentials'),
    ...Object.entries(ssh.jump_hosts).flatMap(([name, { credential, via }]) => [
      ...problem(['ssh', 'jump_hosts', name, 'credential'], credential, 'credentials'),
      ...problem(['ssh', 'jump_hosts', name, 'via'], via, 'jump_hosts'),
    ]),
  ]
}

function credentialProblems(
  path: readonly string[],
  credential: RawSsh['credentials'][string],
  placeOf: PlaceOf,
): readonly ConfigProblem[] {
  const { private_key: key, passphrase, password, agent, try_keyboard_interactive: interactive } = credential
  const at = (name: string | null, sentence: Text): ConfigProblem => {
    const full = name === null ? path : [...path, name]
    return { source: placeOf(full, 'key'), keyPath: full.join('.'), sentence }
  }
  const problems: ConfigProblem[] = []
  if (key === undefined && password === undefined && !agent)
    problems.push(
      at(
        null,
        text(
          '没有登录方式;允许:private_key、password、agent: true 至少一项',
          'has no way to log in; allowed: at least one of private_key, password and agent: true',
        ),
      ),
    )
  if (passphrase !== undefined && key === undefined)
    problems.push(
      at(
        'passphrase',
        text(
          '只与 private_key 一起使用,请补上,或删除此键',
          'is only used with private_key: add it, or remove this key',
        ),
      ),
    )
  if (interactive && password === undefined)
    problems.push(
      at(
        'try_keyboard_interactive',
        text(
          '用 password 作答,而它未设置;请补上,或删除此键',
          'answers with password, which is not set: add it, or remove this key',
        ),
      ),
    )
  return problems
}

/** One problem per loop, at the `via` that closes it. */
function jumpHostLoops(ssh: RawSsh, placeOf: PlaceOf): readonly ConfigProblem[] {
  const viaOf = (name: string): string | undefined =>
    Object.hasOwn(ssh.jump_hosts, name) ? ssh.jump_hosts[name]?.via : undefined
  const done = new Set<string>()
  const problems: ConfigProblem[] = []
  for (const start of Object.keys(ssh.jump_hosts)) {
    const way: string[] = []
    let name: string | undefined = start
    while (name !== undefined && !done.has(name)) {
      done.add(name)
      way.push(name)
      name = viaOf(name)
    }
    const from = name === undefined ? -1 : way.indexOf(name)
    const last = way.at(-1)
    if (from < 0 || last === undefined || name === undefined) continue
    const loop = [...way.slice(from), name].join(' → ')
    const path = ['ssh', 'jump_hosts', last, 'via']
    problems.push({
      source: placeOf(path, 'value'),
      keyPath: path.join('.'),
      sentence: text(
        `跳板机成环:${loop};允许:一条有终点的路径`,
        `the jump hosts form a loop: ${loop}; allowed: a way that ends`,
      ),
    })
  }
  return problems
}
