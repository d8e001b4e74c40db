import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { findTool } from '../../testing/find-tool.ts'
import { runSections, sectionOf } from '../../testing/run-probe.ts'
import { busyboxTools, stubTools } from '../../testing/stub-tools.ts'
import { parseBiggest, parseDeleted } from './parse-space.ts'
import { SPACE_SECTIONS } from './space-sections.ts'

const MEGABYTE = 1024 ** 2
const raw = (stdout: string) => ({ stdout, stderr: '', exitCode: 0 })

async function outputOf(body: string, path?: string): Promise<string> {
  const { sections } = await runSections([sectionOf('it', body, 60)], path === undefined ? {} : { path })
  return sections.get('test.it')?.stdout ?? ''
}

async function findsDeleted(path?: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'smart-ops-deleted-'))
  const file = join(folder, 'a b.log')
  writeFileSync(file, Buffer.alloc(8 * MEGABYTE, 1))
  const descriptor = openSync(file, 'r')
  const holder = spawn('sleep', ['60'], { stdio: [descriptor, 'ignore', 'ignore'] })
  try {
    rmSync(file)
    const parsed = parseDeleted(raw(await outputOf(SPACE_SECTIONS.deletedOpenFiles.body, path)))
    assert.ok('value' in parsed)
    const found = parsed.value.files.filter((one) => one.path === file)
    assert.equal(found.length, 1, 'many descriptors, one file')
    assert.ok((found[0]?.allocatedBytes ?? 0) >= 8 * MEGABYTE)
  } finally {
    holder.kill()
    closeSync(descriptor)
    rmSync(folder, { recursive: true })
  }
}

describe('the sections on space', () => {
  it('finds a file that is deleted and still open', () => findsDeleted())

  it('finds it with BusyBox too', async (context) => {
    const busybox = findTool('busybox')
    if (busybox === null) return context.skip('busybox is not installed')
    using tools = busyboxTools(busybox)
    await findsDeleted(tools.path)
  })

  it('looks for what is big only where a filesystem is nearly full', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'smart-ops-big-'))
    try {
      mkdirSync(join(folder, 'sub'))
      writeFileSync(join(folder, 'sub', 'big file.img'), Buffer.alloc(MEGABYTE, 1))
      const df = (percent: number): string =>
        `echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'\necho '/dev/x 10 9 1 ${percent}% ${folder}'`
      using calm = stubTools({ df: df(79) })
      assert.equal((await outputOf(SPACE_SECTIONS.biggestEntries.body, calm.path)).trim(), '')
      using full = stubTools({ df: df(80) })
      const body = SPACE_SECTIONS.biggestEntries.body.replace('-size +204800', '-size +1024')
      assert.notEqual(body, SPACE_SECTIONS.biggestEntries.body)
      const parsed = parseBiggest(raw(await outputOf(body, full.path)))
      assert.ok('value' in parsed)
      const [entry] = parsed.value
      assert.deepEqual(
        entry?.directories.map(({ path }) => path),
        [join(folder, 'sub')],
      )
      assert.deepEqual(entry?.files, [{ path: join(folder, 'sub', 'big file.img'), sizeBytes: MEGABYTE }])
      assert.equal(entry?.complete, true)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
