import { text } from '../../../domain/text.ts'
import type { Probe } from '../../probe.ts'
import { parseSection } from '../../section-value.ts'
import { parseSample } from './parse-sample.ts'
import { METRICS_SECTIONS as S } from './sections.ts'

/** Gauges and counters of the moment: CPU, memory, fullest filesystem, network, load, swap, pressure, uptime. */
export const metricsProbe: Probe<'metrics'> = {
  name: 'metrics',
  title: text('性能指标', 'Metrics'),
  sections: [S.sample],
  parse: (raw, now) => parseSection(raw['sample'], S.sample.command, (section) => parseSample(section, now)),
}
