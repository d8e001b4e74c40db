import { text } from '../../../domain/text.ts'
import type { Probe } from '../../probe.ts'
import { parseSection } from '../../section-value.ts'
import { parseEdac } from './parse-edac.ts'
import { parseInventory } from './parse-inventory.ts'
import { parseMeminfo, parseMemoryPressure, parseVmstat } from './parse-meminfo.ts'
import { parseProcesses } from './parse-processes.ts'
import { MEMORY_SECTIONS as S } from './sections.ts'

/** Memory: usage, pressure, OOM kills, modules and slots, ECC counters, largest processes. */
export const memoryProbe: Probe<'memory'> = {
  name: 'memory',
  title: text('内存', 'Memory'),
  sections: [S.meminfo, S.pressure, S.vmstat, S.inventory, S.edac, S.processes],
  parse: (raw) => ({
    meminfo: parseSection(raw['meminfo'], S.meminfo.command, parseMeminfo),
    pressure: parseSection(raw['pressure'], S.pressure.command, parseMemoryPressure),
    vmstat: parseSection(raw['vmstat'], S.vmstat.command, parseVmstat),
    inventory: parseSection(raw['inventory'], S.inventory.command, parseInventory),
    edac: parseSection(raw['edac'], S.edac.command, parseEdac),
    processes: parseSection(raw['processes'], S.processes.command, parseProcesses),
  }),
}
