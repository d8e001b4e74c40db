import type { CorpusKind } from './corpus-kind.ts'
import { dfLsblkPsKind } from './kinds/df-lsblk-ps.ts'
import { dmidecodeKind } from './kinds/dmidecode.ts'
import { logsKind } from './kinds/logs-incidents.ts'
import { raidKind } from './kinds/raid.ts'
import { sensorsKind } from './kinds/sensors.ts'
import { smartctlKind } from './kinds/smartctl.ts'
import { upsKind } from './kinds/ups.ts'

/** Every kind that is answered and scored. A new one is a file in `kinds/` and a line here. */
export const CORPUS_KINDS: readonly CorpusKind[] = [
  dmidecodeKind,
  smartctlKind,
  raidKind,
  dfLsblkPsKind,
  sensorsKind,
  upsKind,
  logsKind,
]
