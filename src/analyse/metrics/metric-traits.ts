import type { MetricName } from '../../domain/assessment.ts'
import type { Severity, Subject } from '../../domain/finding.ts'
import type { MetricSample, MetricValues } from '../../domain/metrics.ts'
import { type Text, text } from '../../domain/text.ts'
import type { Thresholds } from '../../domain/thresholds.ts'
import { METRIC_LIMITS } from './metric-limits.ts'
import { criticalFromPercent } from './metric-status.ts'

/** How one share is read, named and judged. */
export interface MetricTraits {
  readonly title: Text
  readonly kind: Subject['kind']
  /** Severity above the threshold and from the critical share. Source: product specification §9; critical is ours. */
  readonly severities: { readonly high: Severity; readonly critical: Severity }
  readonly criticalFrom: (thresholdPercent: number) => number
  readonly ofValues: (values: MetricValues) => number | null
  readonly ofThresholds: (thresholds: Thresholds) => number
  /** Null for a share that the given metrics table has no column for. */
  readonly ofSample: ((sample: MetricSample) => number | null) | null
  readonly nextStep: Text
}

/** The four shares. */
export const METRIC_TRAITS: Readonly<Record<MetricName, MetricTraits>> = {
  cpu: {
    title: text('CPU 使用率', 'CPU usage'),
    kind: 'cpu',
    severities: { high: 'warning', critical: 'urgent' },
    criticalFrom: criticalFromPercent,
    ofValues: (values) => values.cpuPercent,
    ofThresholds: (thresholds) => thresholds.cpuPercent,
    ofSample: (sample) => sample.cpuPercent,
    nextStep: text('查看占用 CPU 最多的进程。', 'See which processes use the CPU.'),
  },
  memory: {
    title: text('内存使用率', 'Memory usage'),
    kind: 'memory',
    severities: { high: 'warning', critical: 'urgent' },
    criticalFrom: criticalFromPercent,
    ofValues: (values) => values.memoryPercent,
    ofThresholds: (thresholds) => thresholds.memoryPercent,
    ofSample: (sample) => sample.memoryPercent,
    nextStep: text('对该服务器执行内存巡检。', 'Run a memory inspection of this server.'),
  },
  disk: {
    title: text('磁盘使用率(最满的文件系统)', 'Disk usage (fullest filesystem)'),
    kind: 'filesystem',
    severities: { high: 'urgent', critical: 'critical' },
    criticalFrom: (thresholdPercent) => Math.max(thresholdPercent, METRIC_LIMITS.diskCriticalPercent.limit),
    ofValues: (values) => values.diskPercent,
    ofThresholds: (thresholds) => thresholds.diskPercent,
    ofSample: (sample) => sample.diskPercent,
    nextStep: text('对该服务器执行磁盘巡检。', 'Run a disk inspection of this server.'),
  },
  network: {
    title: text('网络使用率(最忙的网卡)', 'Network usage (busiest NIC)'),
    kind: 'network',
    severities: { high: 'warning', critical: 'urgent' },
    criticalFrom: criticalFromPercent,
    ofValues: (values) => values.networkPercent,
    ofThresholds: (thresholds) => thresholds.networkPercent,
    ofSample: null,
    nextStep: text('查看该网卡的流量来源。', 'See where the traffic of this NIC comes from.'),
  },
}
