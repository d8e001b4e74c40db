import { z } from 'zod'
import type { FieldProblem } from '../../domain/field-problem.ts'
import type { ServerChange } from '../../domain/server.ts'
import { text } from '../../domain/text.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { checkServerFields, showFound } from './check-server-fields.ts'
import { refuseUnknown, requireServers } from './require-servers.ts'
import { serverRowSchema, serverTable, toServerRow } from './server-document.ts'
import { addressesField, cloudAreaField, serverFields, toServerChange } from './server-input.ts'
import { refuseProblems } from './server-problems.ts'

/** What emptying a field writes. */
const EMPTIED = {
  group: { group: null },
  port: { port: null },
  credential: { credential: null },
  jump_host: { jumpHost: null },
  tags: { tags: [] },
  os: { os: null },
  role: { role: null },
  maintenance_windows: { maintenanceWindows: [] },
  owner: { owner: null },
  serial_number: { serialNumber: null },
  rack: { rack: null },
  rack_unit: { rackUnit: null },
  warranty_end_day: { warrantyEndDay: null },
  note: { note: null },
  thresholds: { thresholds: null },
} as const satisfies Record<string, ServerChange>

type EmptiedField = keyof typeof EMPTIED
const isEmptiedField = (name: string): name is EmptiedField => Object.hasOwn(EMPTIED, name)
const EMPTIED_FIELDS = Object.keys(EMPTIED).filter(isEmptiedField)

/** What only one machine can have. */
const OF_ONE_MACHINE = ['name', 'serial_number', 'rack_unit'] as const

const input = z.strictObject({
  ips: addressesField,
  bk_cloud_id: cloudAreaField,
  ...serverFields,
  clear: z.array(z.enum(EMPTIED_FIELDS)).optional().describe('要清空的字段 / fields to empty'),
})

/** Says what a single field cannot know: nothing to change, a field both set and emptied, one serial number for many. */
function checkTogether(given: z.output<typeof input>, change: ServerChange): readonly FieldProblem[] {
  const { clear = [] } = given
  const problems: FieldProblem[] = []
  if (Object.keys(change).length === 0 && clear.length === 0)
    problems.push({
      field: '(input)',
      found: showFound(given.ips),
      allowed: text('至少一个要修改或清空的字段', 'at least one field to change or to clear'),
    })
  const both = clear.filter((field) => given[field] !== undefined)
  if (both.length > 0)
    problems.push({
      field: 'clear',
      found: showFound(both),
      allowed: text('没有同时赋值的字段', 'fields that are not set in the same call'),
    })
  if (new Set(given.ips).size > 1)
    for (const field of OF_ONE_MACHINE)
      if (given[field] !== undefined)
        problems.push({
          field,
          found: showFound(given[field]),
          allowed: text('仅在修改一台服务器时给出', 'given only when one server is edited'),
        })
  return problems
}

/** Changes servers of the inventory; what is not given stays. */
export const editServers = defineOperation({
  name: 'servers_edit',
  serviceId: null,
  title: text('修改服务器', 'Edit servers'),
  description: text(
    '修改清单中一台或多台服务器;未给出的字段不变,全部成功或全部不变。',
    'Changes one or more servers of the inventory; fields not given stay, and all are changed or none.',
  ),
  keywords: ['修改', '启用', '停用', 'edit', 'enable', 'disable'],
  input,
  output: z.strictObject({ servers: z.array(serverRowSchema) }),
  effect: 'change',
  idempotent: true,
  command: ['servers', 'edit'],
  async run(context, given) {
    const { ips, bk_cloud_id, clear = [], ...fields } = given
    const change = toServerChange(fields)
    const problems = [...checkServerFields(change, context.connectionNames), ...checkTogether(given, change)]
    refuseProblems(problems, { ...fields })
    const whole: ServerChange = Object.assign({}, change, ...clear.map((field) => EMPTIED[field]))
    const wanted = await requireServers(context, ips, bk_cloud_id)
    const changed = await context.store.transaction(async ({ servers }) => {
      const done = []
      for (const { id, ip } of wanted)
        done.push((await servers.update(id, whole)) ?? (await refuseUnknown([ip], bk_cloud_id, servers)))
      return done
    })
    return { servers: changed.map((server) => toServerRow(server, context.timeZone)) }
  },
  message: ({ servers }) =>
    text(`已修改 ${servers.length} 台服务器`, `${servers.length} servers were changed`),
  toMarkdown: ({ servers }, language) => serverTable(servers, language),
})
