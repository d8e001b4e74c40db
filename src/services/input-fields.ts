import { z } from 'zod'
import type { Thresholds } from '../domain/thresholds.ts'

const threshold = (zh: string, en: string, configured: string) =>
  z
    .number()
    .gt(0)
    .lte(100)
    .optional()
    .describe(
      `${zh},百分比;给出时适用于每台服务器与挂载点,默认为各服务器的阈值(自身、分组、配置 ${configured}) / ${en} above which a server is abnormal, percent; when given it holds for every server and mount point. Default: each server's own limit, its group's, or ${configured} of the configuration`,
    )

/** Input fields that several services share. A threshold left out is the one in force for each server. */
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

/** Returns the thresholds that a call gives; they hold for every server, before limits of its own or of its group. */
export const askedThresholds = ({
  memory_threshold,
  disk_threshold,
  cpu_threshold,
}: ThresholdInput): Partial<Thresholds> => ({
  ...(memory_threshold === undefined ? {} : { memoryPercent: memory_threshold }),
  ...(disk_threshold === undefined ? {} : { diskPercent: disk_threshold }),
  ...(cpu_threshold === undefined ? {} : { cpuPercent: cpu_threshold }),
})
