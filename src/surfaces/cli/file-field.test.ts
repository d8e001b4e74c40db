import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { z } from 'zod'
import { text } from '../../domain/text.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { runCli } from './index.ts'
import { createSampleCli, success } from './sample-cli.ts'

const BYTES = Buffer.from([0xff, 0x00, 0x41])

const fileOperation = defineOperation({
  name: 'files_turn',
  serviceId: null,
  title: text('文件', 'File'),
  description: text('文件', 'File'),
  keywords: [],
  input: z.strictObject({ content_base64: z.string() }),
  output: z.strictObject({ content_base64: z.string() }),
  effect: 'read',
  idempotent: true,
  command: ['files', 'turn'],
  run: async (_context, input) => input,
  message: () => text('好', 'done'),
  toMarkdown: () => '',
})

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smart-ops-file-field-'))
  await writeFile(join(folder, 'in.bin'), BYTES)
})
after(async () => {
  await rm(folder, { recursive: true })
})

async function run(...words: readonly string[]) {
  const sample = createSampleCli({
    operations: new Map([[fileOperation.name, fileOperation]]),
    answer: async () => success({ content_base64: BYTES.toString('base64') }),
  })
  const exitCode = await runCli(['files', 'turn', ...words], sample.ports)
  return { exitCode, calls: sample.calls, stderr: sample.stderr() }
}

describe('fields that hold a file', () => {
  it('take @FILE as argument or option, and base64 as it is', async () => {
    const file = `@${join(folder, 'in.bin')}`
    for (const words of [[file], ['--content-base64', file], ['/wBB']])
      assert.deepEqual((await run(...words)).calls[0]?.input, { content_base64: '/wBB' })
  })
  it('name a file that cannot be read, and call nothing', async () => {
    const { exitCode, calls, stderr } = await run('@/no/such/file')
    assert.deepEqual([exitCode, calls], [2, []])
    assert.match(stderr, /content-base64:无法读取文件 "\/no\/such\/file"/)
  })
  it('are written with --save, never over a file that is there', async () => {
    const path = join(folder, 'out.bin')
    assert.equal((await run('/wBB', '--save', path)).exitCode, 0)
    assert.deepEqual(await readFile(path), BYTES)
    const again = await run('/wBB', '--save', path)
    assert.equal(again.exitCode, 2)
    assert.match(again.stderr, /save:无法写入文件/)
  })
})
