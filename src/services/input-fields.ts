import { z } from 'zod'
import type { Thresholds } from '../domain/thresholds.ts'

const threshold = (zh: string, en: string, configured: string) =>
  z
    .number()
    .gt(0)
    .lte(100)
    .optional()
    .describe(
      `${zh},百分比;默认取配置 ${configured} / ${en} above which a server is abnormal, percent. Default: ${configured} of the configuration`,
    )

/** Input fields that several services share. A threshold left out is the configured one. */
export const thresholdFields = {
  memory_threshold: threshold('内存使用率阈值', 'memory usage', 'thresholds.memory (70)'),
  disk_threshold: threshold('磁盘使用率阈值', 'disk usage', 'thresholds.disk (80)'),
  cpu_threshold: threshold('CPU 使用率阈值', 'CPU usage', 'thresholds.cpu (70)'),
}

const ipv4OrV6 = z.union([z.ipv4(), z.ipv6()])

/** Addresses of servers in the inventory. */
export const ipsField = z
  .array(ipv4OrV6)
  .min(1)
  .max(5000)
  .optional()
  .describe('服务器 IP 列表(须在清单中)/ addresses of servers in the inventory')

/** Platform or cluster. */
export const groupField = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .describe('分组(平台或集群),默认全部 / group: platform or cluster. Default: all')

interface ThresholdInput {
  readonly memory_threshold?: number | undefined
  readonly disk_threshold?: number | undefined
  readonly cpu_threshold?: number | undefined
}

/** Returns the configured thresholds with those of the call in their place. */
export const thresholdsOf = (configured: Thresholds, input: ThresholdInput): Thresholds => ({
  ...configured,
  memoryPercent: input.memory_threshold ?? configured.memoryPercent,
  diskPercent: input.disk_threshold ?? configured.diskPercent,
  cpuPercent: input.cpu_threshold ?? configured.cpuPercent,
})
