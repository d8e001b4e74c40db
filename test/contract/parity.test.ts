import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import * as operations from '../../src/operations/registry.ts'
import * as services from '../../src/services/registry.ts'
import type { AnyOperation } from '../../src/services/service-definition.ts'
import { cliOffers } from '../../src/surfaces/cli/index.ts'
import { httpOffers } from '../../src/surfaces/http/index.ts'
import { mcpOffers } from '../../src/surfaces/mcp/index.ts'

const registered: ReadonlyMap<string, AnyOperation> = new Map(Object.entries({ ...services, ...operations }))
const names = [...registered.keys()]

test('every service and operation is offered on every surface', () => {
  assert.ok(names.length >= 13)
  assert.deepEqual([...cliOffers(registered)].sort(), [...names].sort())
  assert.deepEqual([...httpOffers(registered)].sort(), [...names].sort())
  assert.deepEqual([...mcpOffers(registered)].sort(), [...names].sort())
})

for (const [name, operation] of registered) {
  test(`${name} is defined in full`, () => {
    assert.equal(operation.name, name)
    assert.match(name, /^[a-z0-9_]{1,64}$/)
    for (const text of [operation.title, operation.description]) {
      assert.ok(text.zh.length > 0 && text.en.length > 0)
      assert.match(text.zh, /\p{Script=Han}/u)
    }
    assert.ok(operation.keywords.length > 0)
    const input = z.toJSONSchema(operation.input, { io: 'input' })
    assert.equal(input.type, 'object')
    assert.equal(input.additionalProperties, false)
    for (const [field, schema] of Object.entries(input.properties ?? {}))
      assert.ok(
        typeof schema === 'object' && (schema.description ?? '').length > 0,
        `${name}.${field} is not described`,
      )
    assert.equal(z.toJSONSchema(operation.output).type, 'object')
  })
}

test('no two commands are the same', () => {
  const commands = [...registered.values()].map((operation) => operation.command.join(' '))
  assert.equal(new Set(commands).size, commands.length)
})

test('the model pays for the tools on every request: their size is pinned', () => {
  const chars = [...registered.values()].reduce(
    (sum, operation) =>
      sum +
      operation.name.length +
      operation.description.zh.length +
      operation.description.en.length +
      JSON.stringify(z.toJSONSchema(operation.input, { io: 'input' })).length,
    0,
  )
  const pinned = 28_600
  assert.ok(
    chars <= pinned * 1.05,
    `names, descriptions and input schemas are ${chars} characters, pinned are ${pinned}`,
  )
})
