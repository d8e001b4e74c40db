import { outcomeValue } from '../../../domain/outcome.ts'
import { text } from '../../../domain/text.ts'
import type { Probe } from '../../probe.ts'
import { parseSection } from '../../section-value.ts'
import { parseEdac } from './parse-edac.ts'
import { parseInventory } from './parse-inventory.ts'
import { parseMeminfo, parseMemoryPressure, parseVmstat } from './parse-meminfo.ts'
import { parseHugePages, parseNuma } from './parse-numa.ts'
import { parseOomKills } from './parse-oom-kills.ts'
import { parseProcesses, parseProcessShares } from './parse-processes.ts'
import { MEMORY_SECTIONS as S } from './sections.ts'

/** Memory: usage, pressure, OOM kills, modules and slots, ECC counters, NUMA nodes, largest processes. */
export const memoryProbe: Probe<'memory'> = {
  name: 'memory',
  title: text('内存', 'Memory'),
  sections: [
    S.meminfo,
    S.pressure,
    S.vmstat,
    S.inventory,
    S.edac,
    S.numa,
    S.hugePages,
    S.oomKills,
    S.processes,
    S.processShares,
  ],
  parse: (raw, now) => {
    const shares = parseSection(raw['process_shares'], S.processShares.command, parseProcessShares)
    return {
      meminfo: parseSection(raw['meminfo'], S.meminfo.command, parseMeminfo),
      pressure: parseSection(raw['pressure'], S.pressure.command, parseMemoryPressure),
      vmstat: parseSection(raw['vmstat'], S.vmstat.command, parseVmstat),
      inventory: parseSection(raw['inventory'], S.inventory.command, parseInventory),
      edac: parseSection(raw['edac'], S.edac.command, parseEdac),
      numa: parseSection(raw['numa'], S.numa.command, parseNuma),
      hugePages: parseSection(raw['huge_pages'], S.hugePages.command, parseHugePages),
      oomKills: parseSection(raw['oom_kills'], S.oomKills.command, parseOomKills),
      processes: parseSection(raw['processes'], S.processes.command, (section) =>
        parseProcesses(section, outcomeValue(shares) ?? [], now),
      ),
      processShares: shares,
    }
  },
}
