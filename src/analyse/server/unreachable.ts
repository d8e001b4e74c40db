import type { Finding } from '../../domain/finding.ts'
import type { Unreachable } from '../../domain/inspection.ts'
import { type Text, text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { makeFinding } from '../finding/make-finding.ts'

interface ReasonTexts {
  readonly what: Text
  readonly nextStep: Text
}

const REASONS: Readonly<Record<Exclude<Unreachable['reason'], 'cancelled' | 'busy'>, ReasonTexts>> = {
  connect_failed: {
    what: text('无法建立连接', 'no connection'),
    nextStep: text(
      '检查电源、网络与 SSH 端口;从 BMC 查看主机状态。',
      'Check power, network and SSH port; see the machine through its BMC.',
    ),
  },
  login_refused: {
    what: text('登录被拒绝', 'login refused'),
    nextStep: text(
      '检查账号、密钥或密码及登录限制。',
      'Check the account, its key or password, and login restrictions.',
    ),
  },
  host_key_changed: {
    what: text('主机密钥已改变', 'its host key has changed'),
    nextStep: text(
      '确认是否重装过系统;未确认前不要信任新密钥。',
      'See whether it was installed anew; do not trust the new key before.',
    ),
  },
  timeout: {
    what: text('超时无响应', 'no answer in time'),
    nextStep: text(
      '检查负载、存储卡死与网络丢包;从 BMC 查看控制台。',
      'Check load, hanging storage and packet loss; see the console through its BMC.',
    ),
  },
  shell_failed: {
    what: text('无法执行命令', 'no command could be run'),
    nextStep: text(
      '检查登录 shell、磁盘空间与进程数上限。',
      'Check the login shell, disk space and process limit.',
    ),
  },
}

/** Returns the finding on a server that could not be read as a whole; null when it was reached. */
export function unreachableFinding(input: AssessmentInput): Finding | null {
  const { unreachable } = input.inspection
  if (unreachable === null) return null
  const { reason, message } = unreachable
  const place = { kind: 'server', component: null } as const
  // That we stopped looking says nothing about the server.
  if (reason === 'cancelled')
    return makeFinding(input, {
      ...place,
      rule: 'server.not_inspected',
      severity: 'info',
      title: text('巡检被取消,该服务器未检查', 'The inspection was cancelled before this server was read'),
      nextStep: text('重新巡检该服务器。', 'Inspect the server again.'),
    })
  // It answers, so it is not unreachable; a look that does not end is a sign of something that hangs.
  if (reason === 'busy')
    return makeFinding(input, {
      ...place,
      rule: 'server.still_looked_at',
      severity: 'warning',
      title: text(
        `服务器 ${input.server.ip} 上一次检查仍未结束,本次未检查`,
        `An earlier look at ${input.server.ip} has not ended, so it was not read again`,
      ),
      cause: message === '' ? null : text(message, message),
      nextStep: text(
        '稍后重试;一直如此时,登录查看处于 D 状态的进程与存储。',
        'Try again later; if it stays so, log in and look for processes in state D and at the storage.',
      ),
    })
  const { what, nextStep } = REASONS[reason]
  return makeFinding(input, {
    ...place,
    rule: 'server.unreachable',
    severity: 'critical',
    title: text(
      `服务器 ${input.server.ip} 无法访问:${what.zh}`,
      `Server ${input.server.ip} is unreachable: ${what.en}`,
    ),
    cause: message === '' ? null : text(message, message),
    nextStep,
  })
}
