import { text } from '../../domain/text.ts'
import { startFullInspection } from '../../pipeline/full-inspection.ts'
import { fullInspectionResult } from '../../pipeline/full-inspection-result.ts'
import { selectServers } from '../../pipeline/select-servers.ts'
import { askedThresholds } from '../input-fields.ts'
import { defineService } from '../service-definition.ts'
import { input, output } from './schema.ts'

/** 005: the flow 001 → 002 → 003 → 004, stored step by step, resumable and cancellable. */
export const fullInspection = defineService({
  name: 'service_005_full_inspection',
  serviceId: '005',
  title: text('全面巡检', 'Full inspection'),
  description: text(
    '依次执行系统巡检、内存检查、磁盘检查与综合分析;每一步后按规则选择下一步并记录理由。状态逐步保存,进程被杀后可继续;可取消。耗时随服务器数量增长。',
    'Runs system, memory and disk inspection and the summary; after each step the next is chosen by rules and the reason is kept. Every step is stored: a killed process resumes; it can be cancelled. Takes longer with more servers.',
  ),
  keywords: ['全面巡检', '一键巡检', 'full inspection', 'run', 'workflow'],
  input,
  output,
  effect: 'collect',
  idempotent: false,
  command: ['inspect', 'full'],
  async run(context, call) {
    const selection = { ips: call.ips ?? null, group: call.group ?? null }
    await selectServers(context, selection)
    const thresholds = askedThresholds(call)
    const run = await startFullInspection(
      context,
      { ...selection, thresholds, scope: call.scope },
      context.actor,
    )
    return await fullInspectionResult(context, run)
  },
  message: (data) => data.summary,
  toMarkdown: (data) => data.report_markdown,
})
