import { camelCase, type NewFile, quote } from './write-files.ts'

/** A service to be made. */
export interface NewService {
  /** Three digits. */
  readonly serviceId: string
  /** Lower-case words joined by `_`. */
  readonly slug: string
  readonly titleZh: string
  readonly titleEn: string
}

/** Returns the one line that registers the service. */
export const registrationLine = ({ serviceId, slug }: NewService): string => {
  const name = `service_${serviceId}_${slug}`
  return `export { ${camelCase(slug)} as ${name} } from './${name}/index.ts'`
}

const index = ({
  serviceId,
  slug,
  titleZh,
  titleEn,
}: NewService) => `import { pick, text } from '../../domain/text.ts'
import { defineService } from '../service-definition.ts'
import { input, output } from './schema.ts'

/** ${serviceId}: how many servers the inventory holds, and how many of them are switched off. */
export const ${camelCase(slug)} = defineService({
  name: 'service_${serviceId}_${slug}',
  serviceId: '${serviceId}',
  title: text(${quote(titleZh)}, ${quote(titleEn)}),
  description: text(
    '统计清单中的服务器数量及停用数量。只读清单,不连接任何服务器。',
    'Counts the servers of the inventory and those switched off. Reads the inventory only, connects to none.',
  ),
  keywords: [${[...new Set([titleZh, ...slug.split('_')])].map(quote).join(', ')}],
  input,
  output,
  effect: 'read',
  idempotent: true,
  command: ['${slug.replaceAll('_', '-')}'],
  async run(context, call) {
    const servers = await context.store.servers.list()
    const chosen = servers.filter((server) => call.group === undefined || server.group === call.group)
    return { server_count: chosen.length, disabled_count: chosen.filter((server) => !server.enabled).length }
  },
  message: (data) =>
    text(
      \`清单中有 \${data.server_count} 台服务器,其中 \${data.disabled_count} 台已停用\`,
      \`The inventory holds \${data.server_count} servers, \${data.disabled_count} of them switched off\`,
    ),
  toMarkdown: (data, language) =>
    pick(
      text(
        \`- 服务器:\${data.server_count}\\n- 已停用:\${data.disabled_count}\\n\`,
        \`- servers: \${data.server_count}\\n- switched off: \${data.disabled_count}\\n\`,
      ),
      language,
    ),
})
`

const schema = () => `import { z } from 'zod'
import { groupField } from '../input-fields.ts'

export const input = z.strictObject({ group: groupField })

export const output = z.strictObject({
  server_count: z.int().min(0).describe('Servers of the inventory in the group'),
  disabled_count: z.int().min(0).describe('Those of them that are switched off'),
})
`

const unitTest = ({ serviceId, slug }: NewService) => `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestContext } from '../../../test/support/service-context.ts'
import { ${camelCase(slug)} } from './index.ts'
import { output } from './schema.ts'

const NOW = new Date('2026-03-01T04:05:06Z')

test('service_${serviceId}_${slug} counts the servers of the inventory, all or of one group', async () => {
  const { context, close } = await openTestContext()
  try {
    const server = { bkCloudId: 0, name: 'host', transport: 'local', registeredAt: NOW } as const
    await context.store.servers.register({ ...server, ip: '192.0.2.1', group: 'a', enabled: true })
    await context.store.servers.register({ ...server, ip: '192.0.2.2', group: 'b', enabled: false })
    const all = await ${camelCase(slug)}.run(context, {})
    assert.deepEqual(output.parse(all), { server_count: 2, disabled_count: 1 })
    assert.deepEqual(await ${camelCase(slug)}.run(context, { group: 'a' }), { server_count: 1, disabled_count: 0 })
  } finally {
    await close()
  }
})
`

const readme = ({ serviceId, slug, titleZh, titleEn }: NewService) => `# ${serviceId} ${titleZh} · ${titleEn}

## What it does

Counts the servers of the inventory and those that are switched off. It reads the inventory only.

## Input

\`group\`: count this platform or cluster alone; all servers without it.

## Output

\`server_count\` and \`disabled_count\`. All fields: [docs/services.md](../../../docs/services.md).

## Errors

\`INPUT_INVALID\` for an unknown argument or an empty group. All codes: [docs/errors.md](../../../docs/errors.md).

Command: \`smart-ops ${slug.replaceAll('_', '-')}\`
`

/** Returns the files of a service that works as it is: it counts the servers of the inventory. */
export function newServiceFiles(service: NewService): readonly NewFile[] {
  const folder = `src/services/service_${service.serviceId}_${service.slug}`
  return [
    { path: `${folder}/index.ts`, content: index(service) },
    { path: `${folder}/schema.ts`, content: schema() },
    { path: `${folder}/index.test.ts`, content: unitTest(service) },
    { path: `${folder}/README.md`, content: readme(service) },
  ]
}
