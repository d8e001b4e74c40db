import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkDocs } from '../../scripts/docs/check-docs.ts'
import { findStaleFiles } from '../../scripts/docs/generated-files.ts'
import { ERRORS } from '../../src/domain/errors.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('generated documents are what their generators give', () => {
  assert.deepEqual(
    findStaleFiles(root).map(({ path }) => path),
    [],
    'run npm run gen-docs',
  )
})

test('docs/errors.md lists every code and no other', () => {
  const documented = [...readFileSync(join(root, 'docs/errors.md'), 'utf8').matchAll(/^\| `([A-Z_]+)` \|/gm)]
  assert.deepEqual(
    documented.map((match) => match[1]),
    Object.keys(ERRORS),
  )
})

test('what the documents say is true of the tree', () => {
  const { fileCount, problems } = checkDocs(root)
  assert.deepEqual(problems, [], problems.join('\n'))
  assert.ok(fileCount >= 20, `only ${fileCount} documents were read`)
})

test('AGENTS.md is at most 120 lines', () => {
  const lines = readFileSync(join(root, 'AGENTS.md'), 'utf8').trimEnd().split('\n').length
  assert.ok(lines <= 120, `${lines} lines`)
})

/** Returns what is wrong with documents, in a project that has package.json and these files alone. */
function problemsOf(files: Readonly<Record<string, string>>): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'docs-'))
  try {
    const all = { 'package.json': '{"scripts":{"start":"x","verify":"y"}}', 'src/app/main.ts': '', ...files }
    for (const [path, content] of Object.entries(all)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
    return checkDocs(folder).problems
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const shell = (command: string) => `# x\n\n\`\`\`sh\n${command}\n\`\`\`\n`

test('true documents have no problems', () => {
  const page = `See \`src/app/main.ts\`, \`src/app/\`, \`src/*/main.ts\` and [it](src/app/main.ts#x "it").\n`
  const good =
    'npm start\nnpm run verify\nsmart-ops inspect full --json | head\nsmart-ops db schema --dialect mysql # SQL'
  assert.deepEqual(problemsOf({ 'a.md': page, 'b.md': shell(good) }), [])
})

const FALSE_DOCUMENTS: Readonly<Record<string, readonly [source: string, problem: RegExp]>> = {
  'a path that is not there': ['See `src/app/gone.ts`.\n', /`src\/app\/gone\.ts` does not exist/],
  'a pattern that nothing fits': ['See `src/gone/*.ts`.\n', /`src\/gone\/\*\.ts` does not exist/],
  'a link that leads nowhere': ['[x](docs/gone.md)\n', /link docs\/gone\.md leads nowhere/],
  'an npm script that is not there': [shell('npm run gone'), /no script gone/],
  'a command that is not there': [shell('smart-ops inspect gone'), /there is no command "inspect gone"/],
  'a group instead of a command': [shell('smart-ops db'), /"db" is not a whole command/],
  'an option that is not there': [shell('smart-ops db migrate --gone'), /"migrate" has no option --gone/],
  'a program file that is not there': [shell('node scripts/gone.ts'), /scripts\/gone\.ts does not exist/],
}
for (const [name, [source, problem]] of Object.entries(FALSE_DOCUMENTS))
  test(`finds ${name}`, () => {
    const problems = problemsOf({ 'a.md': source })
    assert.equal(problems.length, 1, problems.join('\n'))
    assert.match(problems[0] ?? '', problem)
  })

test('finds a service without README and a probe README without a heading', () => {
  const problems = problemsOf({
    'src/services/service_001_a/index.ts': '',
    'src/collect/probes/disk/README.md': '## Reads\n## Commands\n## Privileges\n## Units\n',
  })
  assert.deepEqual(problems, [
    'src/services/service_001_a/README.md is missing; it has: What it does, Input, Output, Errors',
    'src/collect/probes/disk/README.md lacks the heading "## Sample"',
  ])
})
