import { isIPv6 } from 'node:net'
import { text } from '../../domain/text.ts'
import { expandHostRange } from './expand-host-range.ts'
import { type InventoryField, isSecretColumn, USE_A_CREDENTIAL } from './inventory-fields.ts'
import {
  errorAt,
  type InventoryProblem,
  noteAt,
  type ParsedRow,
  type ReadResult,
  tooManyRows,
} from './parsed-inventory.ts'

interface AnsibleHost {
  readonly line: number
  readonly variables: Map<string, string>
  /** In the order of the file. */
  readonly groups: Set<string>
}

interface AnsibleGroup {
  readonly variables: Map<string, string>
  readonly children: Set<string>
}

/** Groups that every host is in, which say nothing of it. */
const EVERYONE = new Set(['all', 'ungrouped'])

/** Variables that mean a field (Ansible, "Connecting to hosts: behavioral inventory parameters"; older names included). */
const VARIABLES: ReadonlyMap<string, InventoryField> = new Map([
  ['ansible_host', 'ip'],
  ['ansible_ssh_host', 'ip'],
  ['ansible_port', 'port'],
  ['ansible_ssh_port', 'port'],
  ['bk_cloud_id', 'bk_cloud_id'],
  ['serial_number', 'serial_number'],
  ['warranty_end_day', 'warranty_end_day'],
  ['owner', 'owner'],
  ['rack', 'rack'],
])
const LOGIN_NAMES = new Set(['ansible_user', 'ansible_ssh_user'])
const SSH_ARGUMENTS = new Set(['ansible_ssh_common_args', 'ansible_ssh_extra_args'])
const PROXY_JUMP = /(?:-J\s{0,9}|ProxyJump=)["']?([^\s"',]{1,200})/

/** What an Ansible inventory says, filled while its file is read. Errors of its lines are in `problems`. */
export class AnsibleInventory {
  readonly problems: InventoryProblem[] = []
  readonly #hosts = new Map<string, AnsibleHost>()
  readonly #groups = new Map<string, AnsibleGroup>()
  readonly #mostHosts: number
  #isFull = false

  constructor(mostHosts: number) {
    this.#mostHosts = mostHosts
  }

  /** Returns the group, made when it is new. */
  group(name: string): AnsibleGroup {
    const known = this.#groups.get(name)
    if (known !== undefined) return known
    const made = { variables: new Map<string, string>(), children: new Set<string>() }
    this.#groups.set(name, made)
    return made
  }

  /** Adds the hosts that the pattern stands for to the group; hosts that are known gain the variables. */
  addHosts(
    where: { readonly line: number; readonly pattern: string; readonly group: string },
    variables: Iterable<readonly [string, string]>,
  ): void {
    const { host, port } = splitPort(where.pattern)
    const names = expandHostRange(host, this.#mostHosts)
    if (names === null) {
      const allowed = text(
        `如 web[01:20],最多 ${this.#mostHosts} 台`,
        `such as web[01:20], at most ${this.#mostHosts} hosts`,
      )
      this.problems.push(errorAt({ line: where.line, field: null }, where.pattern, allowed))
      return
    }
    const given = [...(port === null ? [] : [['ansible_port', port] as const]), ...variables]
    this.group(where.group)
    for (const name of names) this.#addHost(name, where, given)
  }

  #addHost(
    name: string,
    where: { readonly line: number; readonly group: string },
    variables: readonly (readonly [string, string])[],
  ): void {
    const known = this.#hosts.get(name)
    if (known === undefined && this.#hosts.size >= this.#mostHosts) {
      if (!this.#isFull) this.problems.push(tooManyRows(this.#mostHosts))
      this.#isFull = true
      return
    }
    const host = known ?? {
      line: where.line,
      variables: new Map<string, string>(),
      groups: new Set<string>(),
    }
    host.groups.add(where.group)
    for (const [key, value] of variables) host.variables.set(key, value)
    this.#hosts.set(name, host)
  }

  /** Returns the servers. The first group of a host is its group, the others are tags; parents lend variables alone. */
  toResult(): ReadResult {
    const ancestors = this.#ancestors()
    const ignored = new Set<string>()
    const secrets = new Set<string>()
    const users = new Set<string>()
    const rows = [...this.#hosts].map(([name, host]): ParsedRow => {
      const variables = this.#variablesOf(host, ancestors)
      for (const key of variables.keys()) {
        if (isSecretColumn(key)) secrets.add(key)
        else if (LOGIN_NAMES.has(key)) users.add(variables.get(key) ?? '')
        else if (!VARIABLES.has(key) && !SSH_ARGUMENTS.has(key)) ignored.add(key)
      }
      return { line: host.line, fields: fieldsOf(name, host, variables) }
    })
    return {
      rows,
      problems: [...this.problems, ...[...secrets].map(secretNote), ...userNotes([...users])],
      ignoredColumns: [...ignored],
    }
  }

  /** Returns, for each group, itself and what it lies in, outermost first. A group within itself is an error. */
  #ancestors(): ReadonlyMap<string, readonly string[]> {
    const parents = new Map<string, string[]>()
    for (const [name, group] of this.#groups)
      for (const child of group.children) parents.set(child, [...(parents.get(child) ?? []), name])
    const found = new Map<string, readonly string[]>()
    const visit = (name: string, path: ReadonlySet<string>): readonly string[] => {
      const known = found.get(name)
      if (known !== undefined) return known
      if (path.has(name) || path.size > MOST_NESTED) {
        this.problems.push(
          errorAt(
            { line: null, field: 'children' },
            [...path, name].slice(-MOST_NESTED).join(' → '),
            NO_LOOP,
          ),
        )
        return []
      }
      const inner = new Set([...path, name])
      const lineage = new Set((parents.get(name) ?? []).flatMap((parent) => [...visit(parent, inner)]))
      lineage.delete(name)
      const whole = [...lineage, name]
      found.set(name, whole)
      return whole
    }
    for (const name of new Set([...this.#groups.keys(), ...parents.keys()])) visit(name, new Set())
    return found
  }

  #variablesOf(
    host: AnsibleHost,
    ancestors: ReadonlyMap<string, readonly string[]>,
  ): ReadonlyMap<string, string> {
    const groups = new Set(['all', ...[...host.groups].flatMap((name) => ancestors.get(name) ?? [name])])
    const merged = new Map<string, string>()
    for (const name of groups)
      for (const [key, value] of this.#groups.get(name)?.variables ?? []) merged.set(key, value)
    for (const [key, value] of host.variables) merged.set(key, value)
    return merged
  }
}

/** Groups within groups that are followed. */
const MOST_NESTED = 100
const NO_LOOP = text(
  '子组不得包含上级组,嵌套不超过 100 层',
  'groups that do not contain themselves, at most 100 deep',
)

const secretNote = (variable: string): InventoryProblem =>
  noteAt({ line: null, field: variable }, '', USE_A_CREDENTIAL)

/** Returns the note on login names, which credentials hold; none without any. */
export const userNotes = (users: readonly string[]): readonly InventoryProblem[] =>
  users.length === 0
    ? []
    : [
        noteAt(
          { line: null, field: 'user' },
          users.slice(0, 5).join(', '),
          text(
            '登录名不导入:在 ssh.credentials 中为其设置凭据',
            'login names are not imported: give each a credential under ssh.credentials',
          ),
        ),
      ]

/** Splits `host:2222` and `[2001:db8::1]:2222`; an IPv6 address without brackets has no port. */
function splitPort(pattern: string): { readonly host: string; readonly port: string | null } {
  const bracketed = /^\[([0-9a-fA-F:.]{2,45})\](?::(\d{1,5}))?$/.exec(pattern)
  if (bracketed !== null && isIPv6(bracketed[1] ?? ''))
    return { host: bracketed[1] ?? '', port: bracketed[2] ?? null }
  if (isIPv6(pattern)) return { host: pattern, port: null }
  const colon = pattern.lastIndexOf(':')
  const port = pattern.slice(colon + 1)
  return colon > 0 && /^\d{1,5}$/.test(port)
    ? { host: pattern.slice(0, colon), port }
    : { host: pattern, port: null }
}

function fieldsOf(
  name: string,
  host: AnsibleHost,
  variables: ReadonlyMap<string, string>,
): ParsedRow['fields'] {
  const fields: Partial<Record<InventoryField, string>> = { ip: name, name }
  for (const [key, value] of variables) {
    const field = VARIABLES.get(key)
    if (field !== undefined && value.trim() !== '') fields[field] = value.trim()
    const jump = SSH_ARGUMENTS.has(key) ? PROXY_JUMP.exec(value)?.[1] : undefined
    if (jump !== undefined) fields.jump_host = jumpHostName(jump)
  }
  const [group, ...others] = [...host.groups].filter((one) => !EVERYONE.has(one))
  if (group !== undefined) fields.group = group
  if (others.length > 0) fields.tags = others.join(',')
  return fields
}

/** Returns the name of a jump host from `[user@]host[:port]`. */
export const jumpHostName = (hop: string): string => splitPort(hop.slice(hop.lastIndexOf('@') + 1)).host
