import type { Tool, ToolAnnotations } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Effect } from '../../domain/actor.ts'
import type { Language, Text } from '../../domain/text.ts'
import { pick } from '../../domain/text.ts'
import type { Door } from '../../services/call.ts'
import type { AnyOperation } from '../../services/service-definition.ts'

/** One operation as MCP offers it. */
export interface OfferedTool {
  readonly effect: Effect
  /** What `tools/list` says of it. */
  readonly tool: Tool
}

/**
 * The four hints by effect, all explicit because the protocol's defaults are the frightening ones.
 * `collect` counts as read-only: it runs reading commands on servers and adds to our own records; nothing that a
 * caller could want to be asked about changes, and the product never asks before collecting.
 * Open world is what leaves the inventory: only sending does.
 */
const HINTS: Readonly<Record<Effect, Omit<ToolAnnotations, 'idempotentHint' | 'title'>>> = {
  read: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
  collect: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
  send: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  change: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
}

/** Both languages in one line each, that of the configuration first: models choose better with the second one. */
const bothLanguages = (value: Text, first: Language): string =>
  first === 'zh' ? `${value.zh}\n${value.en}` : `${value.en}\n${value.zh}`

/** Returns the JSON Schema of arguments exactly as zod writes it. Throws when it is not that of an object. */
function inputSchemaOf(operation: AnyOperation): Tool['inputSchema'] {
  const schema = z.toJSONSchema(operation.input, { io: 'input' })
  if (schema.type !== 'object') throw new Error(`the input of ${operation.name} is not an object schema`)
  // Guaranteed by zod: what toJSONSchema returns is a plain JSON document.
  return { ...schema, type: 'object' } as Tool['inputSchema']
}

/** Returns the JSON Schema of the whole success envelope. Dates go over the wire as ISO 8601 text. */
function outputSchemaOf(operation: AnyOperation): NonNullable<Tool['outputSchema']> {
  const envelope = z.object({
    success: z.literal(true),
    message: z.string(),
    timestamp: z.string().describe('YYYY-MM-DD HH:mm:ss'),
    data: operation.output,
  })
  return {
    ...z.toJSONSchema(envelope, {
      io: 'output',
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        if (zodSchema._zod.def.type === 'date')
          Object.assign(jsonSchema, { type: 'string', format: 'date-time' })
        // The format says it; zod's expression beside it is 300 characters that every model would have to read.
        if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
      },
    }),
    type: 'object',
  }
}

/** Returns every operation as a tool, in the order of the registries. Built once: schemas are costly to convert. */
export function buildToolCatalogue(
  operations: Door['operations'],
  language: Language,
): ReadonlyMap<string, OfferedTool> {
  const catalogue = new Map<string, OfferedTool>()
  for (const [name, operation] of operations)
    catalogue.set(name, {
      effect: operation.effect,
      tool: {
        name,
        title: pick(operation.title, language),
        description: bothLanguages(operation.description, language),
        inputSchema: inputSchemaOf(operation),
        outputSchema: outputSchemaOf(operation),
        annotations: { ...HINTS[operation.effect], idempotentHint: operation.idempotent },
      },
    })
  return catalogue
}

/** Returns the names that MCP offers to a caller with every right, in order. */
export const mcpOffers = (operations: Door['operations']): readonly string[] =>
  [...buildToolCatalogue(operations, 'zh').values()].map((offered) => offered.tool.name)
