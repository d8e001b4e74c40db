import type { CallToolResult } from '@modelcontextprotocol/server'
import { McpServer, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import type { Actor } from '../../domain/actor.ts'
import { mayCause } from '../../domain/actor.ts'
import type { Envelope, FailureEnvelope } from '../../domain/envelope.ts'
import type { ErrorCode } from '../../domain/errors.ts'
import type { Language } from '../../domain/text.ts'
import { pick, text } from '../../domain/text.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Door } from '../../services/call.ts'
import type { OfferedTool } from './tool-catalogue.ts'

/** What every MCP transport needs. */
export interface ToolPorts {
  readonly door: Door
  readonly language: Language
  /** Version of the product. */
  readonly version: string
  readonly logger: Logger
}

const INSTRUCTIONS = text(
  '服务器硬件巡检:先用 service_001 找出异常服务器,再对其做内存(002)与磁盘(003)检查;service_005 一次完成全部。结果中的 null 表示未测得,不是零。',
  'Server hardware inspection: find abnormal servers with service_001, look deeper with 002 (memory) and 003 (disk); service_005 does it all. A null in a result means not measured, never zero.',
)

/** Failures that the model cannot mend by calling differently: they are protocol errors, all others tool results. */
const PROTOCOL_ERRORS: ReadonlyMap<ErrorCode, ProtocolErrorCode> = new Map([
  ['OPERATION_UNKNOWN', ProtocolErrorCode.InvalidParams],
  ['UNAUTHENTICATED', ProtocolErrorCode.InvalidRequest],
  ['FORBIDDEN', ProtocolErrorCode.InvalidRequest],
])

function asProtocolError(failure: FailureEnvelope, code: ProtocolErrorCode): ProtocolError {
  return new ProtocolError(code, failure.error, { code: failure.code, hint: failure.hint })
}

/** Returns the envelope as a tool result. A failure is text alone: it does not have the shape of the output schema. */
function toToolResult(envelope: Envelope): CallToolResult {
  const json = JSON.stringify(envelope)
  const content: CallToolResult['content'] = [{ type: 'text', text: json }]
  return envelope.success ? { content, structuredContent: { ...envelope } } : { content, isError: true }
}

/**
 * Returns an MCP server for one caller. Arguments go to the door as they came, so that what is wrong with them is
 * said by the door alone, in the same words on every surface. `signal` ends calls beyond the protocol's own cancelling.
 */
export function createToolServer(
  ports: ToolPorts,
  catalogue: ReadonlyMap<string, OfferedTool>,
  caller: { readonly actor: Actor; readonly signal: AbortSignal },
): McpServer {
  const product = new McpServer(
    { name: 'smart-ops', version: ports.version },
    { instructions: pick(INSTRUCTIONS, ports.language) },
  )
  const { server } = product
  server.registerCapabilities({ tools: {} })
  const tools = [...catalogue.values()]
    .filter((offered) => mayCause(caller.actor, offered.effect))
    .map((offered) => offered.tool)
  server.setRequestHandler('tools/list', () => ({ tools }))
  server.setRequestHandler('tools/call', async (request, context) => {
    const { name } = request.params
    const signal = AbortSignal.any([context.mcpReq.signal, caller.signal])
    const envelope = await callSafely(ports, () =>
      ports.door.call(caller.actor, name, request.params.arguments ?? {}, {
        signal,
        language: ports.language,
      }),
    )
    const code = envelope.success ? undefined : PROTOCOL_ERRORS.get(envelope.code)
    if (!envelope.success && code !== undefined) throw asProtocolError(envelope, code)
    return server.projectCallToolResult(toToolResult(envelope), catalogue.get(name)?.tool.outputSchema)
  })
  return product
}

/** The door promises never to throw; a defect of it must not carry its message or stack to a stranger. */
async function callSafely(ports: ToolPorts, call: () => Promise<Envelope>): Promise<Envelope> {
  try {
    return await call()
  } catch (error) {
    ports.logger.error({ err: error }, 'the door threw')
    throw new ProtocolError(ProtocolErrorCode.InternalError, 'Internal error')
  }
}
