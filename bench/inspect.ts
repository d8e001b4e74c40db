import { measureInspection, whyNoMachine } from '../test/support/hw/inspection-cost.ts'
import { type Figure, limitFigure, median, missingFigure } from './figure.ts'

/** What a full inspection may cost a healthy server without its heavy parts, in seconds of CPU. */
const MOST_CPU_SECONDS = 1
const RUNS = 5
const MACHINE = { processes: 300, cpus: 64, drives: 40 } as const

/** CPU time of one full inspection on the server's side: 64 CPUs, 40 drives, 300 processes, tools that answer at once. */
export async function benchInspect(): Promise<readonly Figure[]> {
  const why = whyNoMachine()
  if (why !== false) return [missingFigure('inspect.cpu_s', Number.NaN, 1, why)]
  const seconds = Array.from({ length: RUNS }, () => measureInspection(MACHINE).cpuSeconds)
  return [limitFigure('inspect.cpu_s', median(seconds), MOST_CPU_SECONDS)]
}
