import { camelCase, type NewFile } from './write-files.ts'

const typeName = (name: string) => {
  const camel = camelCase(name)
  return `${camel[0]?.toUpperCase()}${camel.slice(1)}Facts`
}

const facts = (name: string) => `import type { SectionOutcome } from '../outcome.ts'

/** What the \`${name}\` probe reads. */
export interface ${typeName(name)} {
  /** Release of the running kernel, \`uname -r\`. */
  readonly kernelRelease: SectionOutcome<string>
}
`

const sections = (name: string) => `import { text } from '../../../domain/text.ts'
import type { ProbeSection } from '../../probe.ts'

/** Sections of the \`${name}\` probe. None needs root. */
export const ${camelCase(name).toUpperCase()}_SECTIONS = {
  kernelRelease: {
    name: 'kernel_release',
    body: 'uname -r',
    command: 'uname -r',
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: text('安装 coreutils 或 BusyBox。', 'Install coreutils or BusyBox.'),
  },
} as const satisfies Record<string, ProbeSection>
`

const parser = () => `import type { RawSection } from '../../probe.ts'
import { type Parsed, unparseable } from '../../section-value.ts'

/** Returns the kernel release, such as \`6.1.0-28-amd64\`. Source: \`utsname.release\`, uname(2): one line, no spaces. */
export function parseKernelRelease({ stdout }: RawSection): Parsed<string> {
  const release = stdout.trim()
  if (release === '') return { absent: 'no_data', why: 'uname printed nothing' }
  return /^\\S{1,128}$/.test(release) ? { value: release } : unparseable('not one word')
}
`

const index = (name: string) => `import type { ${typeName(name)} } from '../../../domain/facts/${name}.ts'
import { text } from '../../../domain/text.ts'
import type { RawOutcome } from '../../probe.ts'
import { parseSection } from '../../section-value.ts'
import { parseKernelRelease } from './parse-kernel-release.ts'
import { ${camelCase(name).toUpperCase()}_SECTIONS as S } from './sections.ts'

/** Release of the running kernel. */
export const ${camelCase(name)}Probe = {
  name: '${name}',
  title: text('${name}', '${name}'),
  sections: [S.kernelRelease],
  parse: (raw: Readonly<Record<string, RawOutcome>>): ${typeName(name)} => ({
    kernelRelease: parseSection(raw['kernel_release'], S.kernelRelease.command, parseKernelRelease),
  }),
} as const
`

const unitTest = (name: string) => `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ${camelCase(name)}Probe } from './index.ts'

const parse = (stdout: string) =>
  ${camelCase(name)}Probe.parse({ kernel_release: { status: 'ok', value: { stdout, stderr: '', exitCode: 0 } } }).kernelRelease

test('reads the kernel release', () => {
  assert.deepEqual(parse('6.1.0-28-amd64\\n'), { status: 'ok', value: '6.1.0-28-amd64' })
})

test('nothing printed is no data, something else is unparseable', () => {
  assert.equal(parse('').status, 'no_data')
  assert.equal(parse('uname: cannot do that\\n').status, 'unparseable')
})

test('a section that did not run is absent', () => {
  assert.equal(${camelCase(name)}Probe.parse({}).kernelRelease.status, 'no_data')
})
`

const readme = (name: string) => `# Probe \`${name}\`

## Reads

The release of the running kernel.

## Commands

- \`uname -r\` (coreutils or BusyBox)

## Privileges

None.

## Units

A string, such as \`6.1.0-28-amd64\`.

## Sample

\`\`\`text
6.1.0-28-amd64
\`\`\`
`

/** Returns the files of a probe that works as it is: it reads the kernel's release. */
export function newProbeFiles(name: string): readonly NewFile[] {
  const folder = `src/collect/probes/${name}`
  return [
    { path: `src/domain/facts/${name}.ts`, content: facts(name) },
    { path: `${folder}/index.ts`, content: index(name) },
    { path: `${folder}/sections.ts`, content: sections(name) },
    { path: `${folder}/parse-kernel-release.ts`, content: parser() },
    { path: `${folder}/${name}.test.ts`, content: unitTest(name) },
    { path: `${folder}/README.md`, content: readme(name) },
  ]
}

/** Returns the three lines that make the probe known, by file. */
export function probeRegistration(name: string): readonly { readonly file: string; readonly line: string }[] {
  return [
    { file: 'src/domain/inspection.ts, FactsByProbe', line: `  readonly ${name}: ${typeName(name)}` },
    { file: 'src/domain/inspection.ts, PROBE_NAMES', line: `'${name}',` },
    { file: 'src/collect/probes/index.ts, PROBES', line: `  ${name}: ${camelCase(name)}Probe,` },
  ]
}
