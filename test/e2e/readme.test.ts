import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  createInstallation,
  type Installation,
  type RunningProduct,
  startProduct,
} from '../support/product.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The commands that start and test the project itself; the fresh-clone test and this very run prove them. */
const PROVED_ELSEWHERE = new Set(['npm start', 'npm test'])

/** Lines of the shell code blocks of a Markdown file. */
function shellLines(file: string): readonly string[] {
  const blocks = readFileSync(`${root}${file}`, 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)
  return [...blocks].flatMap(([, body]) => (body ?? '').split('\n').filter((line) => line.trim() !== ''))
}

let installation: Installation
let product: RunningProduct

before(async () => {
  installation = await createInstallation()
  product = startProduct(installation, 'up')
  await product.until(/Ctrl\+C/, 120_000)
})

after(async () => {
  await product.stop()
  installation.remove()
})

async function runLine(line: string): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const onOurPorts = line
    .replaceAll(':8080', `:${installation.webPort}`)
    .replaceAll(':8004', `:${installation.mcpPort}`)
  const options = { cwd: root, env: installation.env, timeout: 120_000, maxBuffer: 64 * 1024 ** 2 }
  return await new Promise((resolve) => {
    const child = execFile('/bin/sh', ['-ec', onOurPorts], options, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, output: `${stdout}${stderr}` }),
    )
  })
}

for (const file of ['README.md', 'README.zh-CN.md']) {
  test(`every command of ${file} runs`, async () => {
    const lines = shellLines(file).filter((line) => !PROVED_ELSEWHERE.has(line))
    assert.ok(lines.length >= 12)
    for (const line of lines) {
      const { exitCode, output } = await runLine(line)
      assert.equal(exitCode, 0, `${line}\n${output}`)
      assert.ok(output.length > 0, line)
      if (line.startsWith('curl'))
        assert.equal((JSON.parse(output) as { success: boolean }).success, true, line)
    }
  })
}

test('both READMEs show the same commands', () => {
  assert.deepEqual(shellLines('README.md'), shellLines('README.zh-CN.md'))
})
