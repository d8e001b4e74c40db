import { z } from 'zod'
import type { ServerAssessment } from '../../domain/assessment.ts'
import { UNREACHABLE_REASONS, type Unreachable } from '../../domain/inspection.ts'
import { type Text, text } from '../../domain/text.ts'
import { machineFields, textField, timeField } from './document-fields.ts'

/** Fields that open the entry of an inspected server. */
export const inspectedServerFields = {
  server_id: z.string().describe('Id in the inventory'),
  ...machineFields,
  inspected_at: timeField('When the inspection ended'),
  reached: z.boolean().describe('False when the server could not be read at all'),
  unreachable: z
    .strictObject({
      reason: z.enum(UNREACHABLE_REASONS).describe('How far the attempt came'),
      message: z.string().describe('What the attempt said'),
      explanation: textField('The reason in words'),
      next_step: textField('What to look at first'),
    })
    .nullable()
    .describe('Null when the server was reached'),
} as const

/** How the entry of an inspected server begins. */
export type InspectedServerHead = z.output<z.ZodObject<typeof inspectedServerFields>>

const EXPLANATIONS: Readonly<Record<Unreachable['reason'], { readonly why: Text; readonly next: Text }>> = {
  connect_failed: {
    why: text('无法建立连接', 'no connection could be made'),
    next: text(
      '确认机器已开机、网络与端口可达。',
      'See that the machine is on and its network and port are reachable.',
    ),
  },
  login_refused: {
    why: text('登录被拒绝', 'the login was refused'),
    next: text('检查账号、密钥或密码。', 'Check the account and its key or password.'),
  },
  host_key_changed: {
    why: text('主机密钥已改变', 'the host key has changed'),
    next: text(
      '先确认机器是否重装或被替换,再接受新密钥。',
      'Find out whether the machine was reinstalled or replaced before accepting the new key.',
    ),
  },
  timeout: {
    why: text('在时限内没有完成', 'it did not finish within its time'),
    next: text(
      '查看该机器的负载与网络,然后重试。',
      'Look at the load and network of the machine, then try again.',
    ),
  },
  cancelled: {
    why: text('巡检被取消', 'the inspection was cancelled'),
    next: text('需要时重新执行巡检。', 'Run the inspection again when it is wanted.'),
  },
  shell_failed: {
    why: text('远端 shell 无法执行', 'its shell could not run the inspection'),
    next: text('确认该账号有可用的 POSIX shell。', 'See that the account has a working POSIX shell.'),
  },
  busy: {
    why: text('上一次检查仍在其上运行', 'an earlier look at it was still running there'),
    next: text(
      '稍后重试;一直如此时,登录查看卡住的进程(常因存储无响应)。',
      'Try again later; if it stays so, log in and see which process hangs (often on storage that does not answer).',
    ),
  },
}

/** Returns the opening fields of a server's entry. */
export function inspectedServerHead(
  { server, inspection }: ServerAssessment,
  localTime: (at: Date) => string,
): InspectedServerHead {
  const { unreachable } = inspection
  const words = unreachable === null ? null : EXPLANATIONS[unreachable.reason]
  return {
    server_id: server.id,
    ip: server.ip,
    bk_cloud_id: server.bkCloudId,
    name: server.name,
    group: server.group,
    inspected_at: localTime(inspection.finishedAt),
    reached: unreachable === null,
    unreachable:
      unreachable === null || words === null
        ? null
        : {
            reason: unreachable.reason,
            message: unreachable.message,
            explanation: words.why,
            next_step: words.next,
          },
  }
}
