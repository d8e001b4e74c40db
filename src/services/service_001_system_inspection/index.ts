import { text } from '../../domain/text.ts'
import { inspectSystem } from '../../pipeline/system-inspection.ts'
import { askedThresholds } from '../input-fields.ts'
import { defineService } from '../service-definition.ts'
import { input, output } from './schema.ts'

/** 001: whose latest sample is above a threshold, who recovered lately, who sent nothing. Looks at stored samples only. */
export const systemInspection = defineService({
  name: 'service_001_system_inspection',
  serviceId: '001',
  title: text('系统状态巡检', 'System inspection'),
  description: text(
    '查看哪些服务器的最新样本超过阈值、哪些刚恢复、哪些没有新数据,以及环境读数。只读已存的样本;要现在采集请用 service_010_platform_monitoring。',
    'Which servers are above a threshold in their latest sample, which recovered lately, which sent no fresh data, and environment readings. Reads stored samples only; to collect now use service_010_platform_monitoring.',
  ),
  keywords: ['巡检', '系统状态', '异常服务器', 'inspection', 'status', 'threshold', 'stale'],
  input,
  output,
  effect: 'read',
  isCacheable: true,
  idempotent: true,
  command: ['inspect', 'system'],
  async run(context, call) {
    const { documents } = await inspectSystem(context, {
      asked: askedThresholds(call),
      group: call.group ?? null,
      maxAgeMs: call.max_age_seconds === undefined ? null : call.max_age_seconds * 1000,
    })
    return documents[context.language]
  },
  message: (data) => data.summary,
  toMarkdown: (data) => data.report_markdown,
})
