import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { makeContext, type TestContext } from '../../../test/support/make-context.ts'
import { redactInput } from '../../app/redact-input.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Envelope } from '../../domain/envelope.ts'
import type { Door } from '../../services/call.ts'
import { openDoor } from '../../services/open-door.ts'
import * as operations from '../registry.ts'
import { exportServers } from './export.ts'
import { importDocumentSchema } from './import/import-document.ts'

const ADMIN: Actor = { kind: 'local_administrator', name: 'root', surface: 'cli' }

let world: TestContext
let door: Door

before(async () => {
  world = await makeContext()
  const context = {
    ...world.context,
    processes: { list: () => [] },
    doctor: async () => [],
    connectionNames: { credentials: ['ops'], jumpHosts: ['gate'] },
  }
  door = openDoor({ services: {}, operations, context, redactInput })
})

after(async () => {
  await world.close()
})

const call = async (content: string, options: object = {}): Promise<Envelope> =>
  await door.call(ADMIN, 'servers_import', {
    content_base64: Buffer.from(content).toString('base64'),
    ...options,
  })

async function imported(content: string, options: object = {}) {
  const envelope = await call(content, options)
  assert.ok(envelope.success, JSON.stringify(envelope))
  return importDocumentSchema.parse(envelope.data)
}

const inventory = async () =>
  (await world.context.store.servers.list())
    .filter(({ ip }) => ip.startsWith('198.51.100.'))
    .map(({ ip, name, owner, port }) => [ip, name, owner, port])

describe('importing servers', () => {
  it('shows what would happen and changes nothing', async () => {
    const data = await imported('ip,name\n198.51.100.1,甲\n198.51.100.2,乙\n')
    assert.deepEqual(
      [data.applied, data.to_add.map(({ line, name }) => [line, name])],
      [
        false,
        [
          [2, '甲'],
          [3, '乙'],
        ],
      ],
    )
    assert.deepEqual(await inventory(), [])
  })

  it('imports nothing of a file with broken rows unless asked, and reports every one', async () => {
    const broken =
      'ip,name,port,jump_host\n198.51.100.1,甲,22,gate\n198.51.100.1,twice,,\nnot-an-ip,x,99999,nowhere\n198.51.100.2,"乙\n'
    const preview = await imported(broken)
    assert.deepEqual(
      preview.problems.map(({ line, field, found }) => [line, field, found]),
      [
        [3, 'ip', '198.51.100.1'],
        [4, 'ip', 'not-an-ip'],
        [4, 'port', '99999'],
        [4, 'jump_host', 'nowhere'],
        [5, null, '198.51.100.2,"乙'],
      ],
    )
    assert.deepEqual(preview.duplicates, [{ bk_cloud_id: 0, ip: '198.51.100.1', lines: [2, 3] }])
    const refused = await call(broken, { apply: true })
    assert.ok(!refused.success && refused.code === 'INPUT_INVALID' && /第 3 行|line 3/.test(refused.error))
    assert.deepEqual(await inventory(), [])
    await imported(broken, { apply: true, skip_broken: true })
    assert.deepEqual(await inventory(), [['198.51.100.1', '甲', null, 22]])
  })

  it('updates, skips or refuses what is there, field by field; empty cells change nothing', async () => {
    const file = 'ip,name,owner,port\n198.51.100.1,甲二,张三,\n198.51.100.3,丙,,\n'
    const preview = await imported(file)
    assert.deepEqual(preview.to_change[0]?.changes, [
      { field: 'name', before: '甲', after: '甲二' },
      { field: 'owner', before: '', after: '张三' },
    ])
    const refused = await imported(file, { on_existing: 'refuse' })
    assert.deepEqual(
      refused.problems.map(({ kind, line, field }) => [kind, line, field]),
      [['error', 2, 'ip']],
    )
    const skipped = await imported(file, { on_existing: 'skip', apply: true })
    assert.deepEqual([skipped.skipped.length, skipped.to_add.length], [1, 1])
    assert.deepEqual((await inventory())[0], ['198.51.100.1', '甲', null, 22])
    await imported(file, { apply: true })
    assert.deepEqual((await inventory())[0], ['198.51.100.1', '甲二', '张三', 22])
    const again = await imported(file, { apply: true })
    assert.deepEqual([again.unchanged.length, again.to_change, again.to_add], [2, [], []])
  })

  it('keeps the content of files out of the audit trail', async () => {
    const secret = Buffer.from('[web]\n198.51.100.9 ansible_password=hunter2\n').toString('base64')
    await door.call(ADMIN, 'servers_import', { content_base64: secret })
    const [entry] = await world.context.store.audit.list(1)
    assert.equal(entry?.operation, 'servers_import')
    assert.match(entry.input, /\d+ characters of base64/)
    assert.ok(!entry.input.includes(secret.slice(0, 20)))
  })
})

describe('exporting servers', () => {
  it('gives files that change nothing when imported again', async () => {
    for (const format of ['csv', 'xlsx', 'yaml'])
      for (const encoding of ['utf-8-bom', 'gb18030']) {
        const envelope = await door.call(ADMIN, 'servers_export', { format, encoding })
        assert.ok(envelope.success, JSON.stringify(envelope))
        const { content_base64, count, filename } = exportServers.output.parse(envelope.data)
        assert.match(filename, new RegExp(`^servers-\\d{4}-\\d\\d-\\d\\d\\.${format}$`))
        const back = await door.call(ADMIN, 'servers_import', { content_base64, apply: true })
        assert.ok(back.success, JSON.stringify(back))
        assert.equal(importDocumentSchema.parse(back.data).unchanged.length, count)
      }
  })
})
