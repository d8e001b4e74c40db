import { maintenanceFinder } from '../../analyse/server/maintenance-at.ts'
import { text } from '../../domain/text.ts'
import { collectMetrics } from '../../pipeline/collect-metrics.ts'
import { selectServers } from '../../pipeline/select-servers.ts'
import { buildMetricsDocument } from '../../report/documents/metrics-document.ts'
import { defineService } from '../service-definition.ts'
import { input, output } from './schema.ts'

/** 010: reads the metrics of servers now, stores a sample of each and says what stands out. */
export const platformMonitoring = defineService({
  name: 'service_010_platform_monitoring',
  serviceId: '010',
  title: text('平台监控采集', 'Platform monitoring'),
  description: text(
    '现在采集服务器指标(CPU、内存、磁盘、网络、负载、压力)并入库,找出超阈值与偏离自身历史的异常。CPU 与网络取两次采集之差,首次为空。',
    'Collects the metrics of servers now (CPU, memory, disk, network, load, pressure), stores them and finds what is above a threshold or unusual against their own past. CPU and network come from two readings: the first gives null.',
  ),
  keywords: ['监控', '采集', '指标', 'metrics', 'collect', 'monitoring', 'anomaly'],
  input,
  output,
  effect: 'collect',
  idempotent: false,
  command: ['collect', 'metrics'],
  async run(context, call) {
    const servers = await selectServers(context, { ips: call.ips ?? null, group: call.group ?? null })
    const collections = await collectMetrics(context, servers)
    const now = context.clock.now()
    const findMaintenance = maintenanceFinder(now)
    const maintenance = new Map(
      servers.flatMap(({ id, maintenanceWindows }) => {
        const found = findMaintenance(maintenanceWindows)
        return found === null ? [] : [[id, found] as const]
      }),
    )
    return buildMetricsDocument({
      collections,
      maintenance,
      context: { language: context.language, timeZone: context.timeZone, now },
    })
  },
  message: (data) => data.summary,
  toMarkdown: (data) => data.report_markdown,
})
