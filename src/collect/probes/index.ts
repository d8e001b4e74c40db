import type { ProbeName } from '../../domain/inspection.ts'
import type { Probe } from '../probe.ts'
import { diskProbe } from './disk/index.ts'
import { gpuProbe } from './gpu/index.ts'
import { kernelProbe } from './kernel/index.ts'
import { memoryProbe } from './memory/index.ts'
import { metricsProbe } from './metrics/index.ts'
import { networkProbe } from './network/index.ts'
import { sensorsProbe } from './sensors/index.ts'
import { systemProbe } from './system/index.ts'

/** Every probe by name. A new probe is a folder beside these and a line here. */
export const PROBES = {
  system: systemProbe,
  metrics: metricsProbe,
  memory: memoryProbe,
  disk: diskProbe,
  sensors: sensorsProbe,
  network: networkProbe,
  gpu: gpuProbe,
  kernel: kernelProbe,
} satisfies { readonly [Name in ProbeName]: Probe<Name> }
