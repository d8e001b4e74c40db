import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import * as operations from '../../src/operations/registry.ts'
import * as services from '../../src/services/registry.ts'
import { checkRegistries } from './check-registries.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('folders and registries say the same', () => {
  assert.deepEqual(
    checkRegistries(root).map(({ where, message }) => `${where}: ${message}`),
    [],
  )
})

test('a key of a registry is the name of its definition', () => {
  for (const [key, definition] of Object.entries({ ...services, ...operations }))
    assert.equal(definition.name, key)
})

test('a service carries its number and an operation carries none', () => {
  for (const [key, service] of Object.entries(services))
    assert.equal(service.serviceId, key.slice(8, 11), key)
  for (const [key, operation] of Object.entries(operations)) assert.equal(operation.serviceId, null, key)
})

test('no two share a name, a number or a command', () => {
  const all = [...Object.values(services), ...Object.values(operations)]
  const repeated = (values: readonly string[]) =>
    values.filter((value, index) => values.indexOf(value) !== index)
  assert.deepEqual(repeated(all.map(({ name }) => name)), [])
  assert.deepEqual(repeated(all.map(({ command }) => command.join(' '))), [])
})
