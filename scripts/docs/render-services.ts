import type { Effect } from '../../src/domain/actor.ts'
import * as operations from '../../src/operations/registry.ts'
import * as services from '../../src/services/registry.ts'
import type { AnyOperation } from '../../src/services/service-definition.ts'
import { renderInputFields, renderOutputFields } from './render-fields.ts'

const EFFECTS: Readonly<Record<Effect, string>> = {
  read: 'read: looks at what is stored',
  collect: 'collect: reads from servers and stores what it read',
  send: 'send: sends messages to people',
  change: 'change: changes something',
}

function renderOne(operation: AnyOperation): string {
  const { serviceId, title, name, description, effect, idempotent, command, keywords } = operation
  const number = serviceId === null ? '' : `${serviceId} `
  return `### ${number}${title.zh} · ${title.en}

${description.zh}

${description.en}

| | |
|---|---|
| name | \`${name}\` |
| command | \`smart-ops ${command.join(' ')}\` |
| effect | ${EFFECTS[effect]} |
| idempotent | ${idempotent ? 'yes' : 'no'} |
| keywords | ${keywords.join(', ')} |

${renderInputFields(operation.input)}

Result:

${renderOutputFields(operation.output)}
`
}

/** Returns docs/services.md: every numbered service and every operation with its arguments and result. */
export function renderServices(): string {
  return `# 服务与操作 / Services and operations

Generated from \`src/services/registry.ts\` and \`src/operations/registry.ts\` by \`npm run gen-docs\`; do not edit.

The same names and arguments hold on every surface: the command line (\`smart-ops services call NAME --json '{…}'\`, or the
command of its own), the web API and MCP. A result is \`{"success": true, "message": …, "timestamp": …, "data": …}\`; the
tables below show the top fields of \`data\`. Errors: [errors.md](errors.md).

## 服务 / Services

${Object.values(services).map(renderOne).join('\n')}
## 操作 / Operations

${Object.values(operations).map(renderOne).join('\n')}`
}
