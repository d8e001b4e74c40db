import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { z } from 'zod'
import { text } from '../../domain/text.ts'
import { type AnyOperation, defineOperation } from '../../services/service-definition.ts'
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

const readRecording = defineOperation({
  ...fileOperation,
  name: 'recordings_read',
  input: z.strictObject({ kind: z.enum(['df', 'ps']), content_base64: z.string().optional() }),
  output: z.strictObject({}),
  command: ['read'],
  commandLine: { arguments: ['kind', 'content_base64'] },
  run: async () => ({}),
  message: () => text('好', 'done'),
  toMarkdown: () => '',
  toPlainText: () => 'plain \u001b[31mtext',
})

const lookAtRecording = defineOperation({
  ...readRecording,
  name: 'recordings_look',
  input: z.strictObject({ content_base64: z.string().optional(), name: z.string().optional() }),
  command: ['look', 'recording'],
  commandLine: { options: { content_base64: 'from' }, isDefault: true },
  toPlainText: () => null,
  toMarkdown: () => '# look',
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

async function runWords(words: readonly string[], stdin = '') {
  const sample = createSampleCli({
    language: 'en',
    stdin,
    operations: new Map<string, AnyOperation>([
      [readRecording.name, readRecording],
      [lookAtRecording.name, lookAtRecording],
    ]),
  })
  const exitCode = await runCli(words, sample.ports)
  return { exitCode, input: sample.calls[0]?.input, stdout: sample.stdout(), stderr: sample.stderr() }
}

describe('a file field that the definition names', () => {
  it('takes a path as argument, and standard input for - and for no word', async () => {
    const file = { kind: 'df', content_base64: BYTES.toString('base64') }
    assert.deepEqual((await runWords(['read', 'df', join(folder, 'in.bin')])).input, file)
    const piped = { kind: 'ps', content_base64: Buffer.from('piped').toString('base64') }
    for (const words of [
      ['read', 'ps', '-'],
      ['read', 'ps'],
      ['read', '--kind', 'ps'],
    ])
      assert.deepEqual((await runWords(words, 'piped')).input, piped, words.join(' '))
    assert.match((await runWords(['read'])).stderr, /argument <kind> is missing/)
    assert.match((await runWords(['read', 'df', '/no/such'])).stderr, /cannot read the file "\/no\/such"/)
    assert.match(
      (await runWords(['read', '--help'])).stdout,
      /Usage: smart-ops read \[options\] <kind> \[file\|-\]/,
    )
  })

  it('takes a path as an option of another name, which the group of a default command takes too', async () => {
    const input = { content_base64: BYTES.toString('base64'), name: 'recording' }
    for (const start of [['look'], ['look', 'recording'], ['--json', 'look']])
      assert.deepEqual(
        (await runWords([...start, '--from', join(folder, 'in.bin'), '--name', 'recording'])).input,
        input,
      )
    const missing = await runWords(['look', '--name', 'x'])
    assert.deepEqual(missing.input, { name: 'x' })
  })

  it('leaves the group what is meant for it: its help, and commands that it does not know', async () => {
    for (const words of [['look'], ['look', '--json'], ['look', '--help']]) {
      const { exitCode, input, stdout } = await runWords(words)
      assert.deepEqual([exitCode, input], [0, undefined], words.join(' '))
      assert.match(stdout, /Commands:\n\s+recording/)
    }
    const unknown = await runWords(['look', 'recordin'])
    assert.deepEqual([unknown.exitCode, unknown.input], [2, undefined])
    assert.match(unknown.stderr, /Unknown command "recordin"; known are recording\./)
    assert.match((await runWords(['look', 'recording', 'x'])).stderr, /Too many arguments: "x"/)
  })

  it('is a mistake of the definition where there is no such field', async () => {
    const wrong = { ...readRecording, commandLine: { arguments: ['no_such'] } }
    const sample = createSampleCli({ operations: new Map([[wrong.name, wrong]]) })
    await assert.rejects(runCli(['read'], sample.ports), /there is no input field no_such/)
  })
})

it('a result that is plain text is printed as it is, without control characters', async () => {
  assert.equal((await runWords(['read', 'df', '-'])).stdout, 'plain text\n')
  assert.equal((await runWords(['look', '--from', '-'])).stdout, '# look\n')
})
