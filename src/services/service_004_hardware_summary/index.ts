import { text } from '../../domain/text.ts'
import { requireRun, summariseHardware } from '../../pipeline/hardware-summary.ts'
import { selectServers } from '../../pipeline/select-servers.ts'
import { defineService } from '../service-definition.ts'
import { input, output } from './schema.ts'

/** 004: what the stored inspections come to, in five parts written by rules. */
export const hardwareSummary = defineService({
  name: 'service_004_hardware_summary',
  serviceId: '004',
  title: text('硬件综合分析', 'Hardware summary'),
  description: text(
    '汇总已存的巡检结果,分五部分:巡检状态、环境异常、监控告警、各 IP 现有内存、各 IP 升级建议;另有采购、优化与风险。不登录服务器。',
    'Sums up stored inspections in five parts: inspection state, environment anomalies, monitoring alerts, present memory per IP, upgrade advice per IP; with purchase, optimisation and risk. Looks at no server.',
  ),
  keywords: ['汇总', '分析', '报告', 'summary', 'report', 'analysis'],
  input,
  output,
  effect: 'read',
  idempotent: true,
  command: ['inspect', 'summary'],
  async run(context, call) {
    if (call.run_id !== undefined) await requireRun(context, call.run_id)
    const servers = await selectServers(context, { ips: call.ips ?? null, group: null })
    return await summariseHardware(context, { servers, runId: call.run_id ?? null, system: null })
  },
  message: (data) => data.summary,
  toMarkdown: (data) => data.report_markdown,
})
