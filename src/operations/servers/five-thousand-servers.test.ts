import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeContext } from '../../../test/support/make-context.ts'
import { completeDraft } from '../../domain/server.ts'
import { openDoor } from '../../services/open-door.ts'
import * as operations from '../registry.ts'

test('five thousand servers are added at once, filtered and paged', async (t) => {
  const world = await makeContext()
  try {
    const { context, clock } = world
    const drafts = Array.from({ length: 5000 }, (_, n) => ({
      bkCloudId: n % 2,
      ip: `10.${n >> 8}.${n & 255}.1`,
      group: `group-${n % 50}`,
      tags: [`tag-${n % 7}`],
      note: 'n'.repeat(200),
    }))
    const insertedFrom = performance.now()
    await context.store.servers.insertMany(drafts.map((draft) => completeDraft(draft, clock.now())))
    t.diagnostic(`adding took ${Math.round(performance.now() - insertedFrom)} ms`)
    const door = openDoor({
      services: {},
      operations,
      context: {
        ...context,
        processes: { list: () => [] },
        doctor: async () => [],
        connectionNames: { credentials: [], jumpHosts: [] },
      },
      redactInput: () => '{}',
    })
    const listedFrom = performance.now()
    const envelope = await door.call(
      { kind: 'local_administrator', name: 'root', surface: 'cli' },
      'servers_list',
      { group: 'group-3', tag: 'tag-3', text: '10.', limit: 5, offset: 2 },
    )
    t.diagnostic(`a filtered list took ${Math.round(performance.now() - listedFrom)} ms`)
    assert.ok(envelope.success, JSON.stringify(envelope))
    const data = operations.servers_list.output.parse(envelope.data)
    const expected = drafts.filter((_, n) => n % 50 === 3 && n % 7 === 3)
    assert.deepEqual([data.servers.length, data.matched, data.total], [5, expected.length, 5000])
    const inOrder = expected.map(({ ip }) => ip).sort()
    assert.deepEqual(
      data.servers.map(({ ip }) => ip),
      inOrder.slice(2, 7),
    )
  } finally {
    await world.close()
  }
})
