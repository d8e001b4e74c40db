import { text } from '../../domain/text.ts'
import { AnsibleInventory } from './ansible-inventory.ts'
import { errorAt, type ReadOptions, type ReadResult } from './parsed-inventory.ts'
import { entryOf, type YamlText } from './yaml-text.ts'

const GROUP_KEYS = ['hosts', 'children', 'vars'] as const

/** Returns whether the document looks like an Ansible inventory: a map of groups with hosts, children or vars. */
export const isAnsible = (document: YamlText): boolean =>
  document.kind === 'map' &&
  document.entries.some((entry) => GROUP_KEYS.some((key) => entryOf(entry.value, key) !== null))

const variablesOf = (value: YamlText | null): readonly (readonly [string, string])[] =>
  value?.kind === 'map'
    ? value.entries.map((entry) => [entry.key, entry.value.kind === 'text' ? entry.value.value : ''] as const)
    : []

const isNothing = (value: YamlText): boolean => value.kind === 'text' && value.value === ''

function refuseShape(inventory: AnsibleInventory, line: number, field: string): void {
  const allowed = text(
    '映射(Ansible YAML 清单中 hosts、children、vars 都是映射)',
    'a map, as hosts, children and vars are in an Ansible inventory',
  )
  inventory.problems.push(errorAt({ line, field }, '', allowed))
}

function addGroup(inventory: AnsibleInventory, name: string, value: YamlText): void {
  const group = inventory.group(name)
  if (isNothing(value)) return
  if (value.kind !== 'map') {
    refuseShape(inventory, value.line, name)
    return
  }
  for (const { key, line, value: part } of value.entries) {
    if (isNothing(part)) continue
    if (part.kind !== 'map') {
      refuseShape(inventory, line, key)
      continue
    }
    if (key === 'vars')
      for (const [variable, given] of variablesOf(part)) group.variables.set(variable, given)
    if (key === 'hosts')
      for (const host of part.entries) {
        const where = { line: host.line, pattern: host.key, group: name }
        if (host.value.kind === 'map' || isNothing(host.value))
          inventory.addHosts(where, variablesOf(host.value))
        else refuseShape(inventory, host.line, host.key)
      }
    if (key === 'children')
      for (const child of part.entries) {
        group.children.add(child.key)
        addGroup(inventory, child.key, child.value)
      }
  }
}

/** Returns the servers of an Ansible inventory in YAML form: groups with hosts, children and vars, ranges in names. */
export function readAnsibleYaml(document: YamlText, options: ReadOptions): ReadResult {
  const inventory = new AnsibleInventory(options.maxRows)
  if (document.kind === 'map')
    for (const entry of document.entries) addGroup(inventory, entry.key, entry.value)
  else refuseShape(inventory, document.line, 'all')
  return inventory.toResult()
}
