import { text } from '../../domain/text.ts'
import { inspectMemory, MEMORY_PROBES } from '../../pipeline/memory-inspection.ts'
import { serversAbove } from '../../pipeline/servers-above.ts'
import { defineService } from '../service-definition.ts'
import { input, output } from './schema.ts'

/** 002: a deep look at the memory of the servers named, or of those above the memory threshold now. */
export const memoryInspection = defineService({
  name: 'service_002_memory_inspection',
  serviceId: '002',
  title: text('内存检查', 'Memory inspection'),
  description: text(
    '登录服务器深入检查内存:使用构成、压力(PSI)、OOM(被终止的进程与时间)、每条内存的 ECC 错误、占用最多的进程、内存条与插槽、NUMA。不给 ips 时检查当前内存超阈值的服务器。只读,不改动服务器。',
    'Looks at the memory of servers in depth: usage broken down, pressure (PSI), OOM kills with victim and time, ECC errors per DIMM, top processes, modules and slots, NUMA. Without ips: the servers above the memory threshold now. Changes nothing on them.',
  ),
  keywords: ['内存', '内存条', 'OOM', 'ECC', 'memory', 'DIMM', 'PSI'],
  input,
  output,
  effect: 'collect',
  idempotent: true,
  command: ['inspect', 'memory'],
  async run(context, call) {
    const servers = await serversAbove(context, 'memory', call.ips ?? null)
    const { document } = await inspectMemory(context, {
      servers,
      requestedIps: call.ips ?? null,
      runId: null,
      probesFor: () => MEMORY_PROBES,
    })
    return document
  },
  message: (data) => data.summary,
  toMarkdown: (data) => data.report_markdown,
})
