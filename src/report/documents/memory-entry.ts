import type { ServerAssessment } from '../../domain/assessment.ts'
import type { MeminfoFacts, MemoryFacts, MemoryInventory, MemorySlot } from '../../domain/facts/memory.ts'
import { outcomeValue, type SectionOutcome } from '../../domain/outcome.ts'
import { sinceLastInspection } from './changes-entry.ts'
import { evidenceEntries, sectionRef } from './evidence-entry.ts'
import { findingArea, findingEntry } from './finding-entry.ts'
import { inspectedServerHead } from './inspected-server.ts'
import type { MemoryServer } from './memory-schema.ts'
import { platformEntry } from './platform-entry.ts'
import { SECTION_IDS } from './section-ids.ts'
import { unreadSections } from './unread-section.ts'

/** Returns what the memory document says of one server. */
export function memoryEntry(assessment: ServerAssessment, localTime: (at: Date) => string): MemoryServer {
  const { server, inspection, findings } = assessment
  const facts = inspection.facts.memory
  const meminfo = facts === undefined ? null : outcomeValue(facts.meminfo)
  const vmstat = facts === undefined ? null : outcomeValue(facts.vmstat)
  const inventory = facts === undefined ? null : outcomeValue(facts.inventory)
  const edac = facts === undefined ? null : outcomeValue(facts.edac)
  const ref = (sectionId: string): string | null => sectionRef(assessment, sectionId)
  return {
    ...inspectedServerHead(assessment, localTime),
    platform: platformEntry(inspection.facts.system),
    usage:
      meminfo === null || meminfo.totalBytes === 0
        ? null
        : {
            ...usageOf(meminfo),
            threshold_percent: assessment.thresholds.memoryPercent,
            threshold_source: assessment.thresholds.sources.memoryPercent,
            evidence: ref(SECTION_IDS.meminfo),
          },
    pressure: pressureOf(assessment),
    oom_kill_count: vmstat?.oomKillCount ?? null,
    swapped_in_pages: vmstat?.swappedInPages ?? null,
    swapped_out_pages: vmstat?.swappedOutPages ?? null,
    vmstat_evidence: ref(SECTION_IDS.vmstat),
    oom: oomOf(assessment, localTime),
    numa: numaOf(assessment),
    huge_pages: hugePagesOf(assessment),
    edac:
      edac === null
        ? null
        : {
            dimms: edac.dimms.map((dimm) => ({
              controller: dimm.controller,
              label: dimm.label,
              corrected_count: dimm.correctedCount,
              uncorrected_count: dimm.uncorrectedCount,
            })),
            evidence: ref(SECTION_IDS.edac),
          },
    top_processes: processesOf(assessment, meminfo?.totalBytes ?? null, localTime),
    processes_evidence: ref(SECTION_IDS.processes),
    inventory:
      inventory === null ? null : { ...inventoryOf(inventory), evidence: ref(SECTION_IDS.inventory) },
    areas: [...assessment.memoryAreas],
    since_last_inspection: sinceLastInspection(assessment, ['memory', 'system'], localTime),
    warnings: findings
      .filter((finding) => findingArea(finding) === 'memory' || findingArea(finding) === 'both')
      .map((finding) => findingEntry(finding, server.bkCloudId, localTime)),
    not_read: unreadSections(inspection, ['memory', 'system']),
    evidence: evidenceEntries(server, inspection, ['memory', 'system'], localTime),
  }
}

type UsageFacts = Omit<
  NonNullable<MemoryServer['usage']>,
  'evidence' | 'threshold_percent' | 'threshold_source'
>

function usageOf(meminfo: MeminfoFacts): UsageFacts {
  // Containers may report more available than their total.
  const usedBytes = Math.max(0, meminfo.totalBytes - meminfo.availableBytes)
  const swapUsedBytes = Math.max(0, meminfo.swapTotalBytes - meminfo.swapFreeBytes)
  return {
    total_bytes: meminfo.totalBytes,
    used_bytes: usedBytes,
    used_percent: twoDecimals((usedBytes / meminfo.totalBytes) * 100),
    available_bytes: meminfo.availableBytes,
    available_is_kernel_estimate: meminfo.availableIsKernelEstimate,
    free_bytes: meminfo.freeBytes,
    buffers_bytes: meminfo.buffersBytes,
    cache_bytes: meminfo.cachedBytes,
    slab_bytes: meminfo.slabBytes,
    slab_reclaimable_bytes: meminfo.slabReclaimableBytes,
    shared_bytes: meminfo.sharedBytes,
    hugepages: hugepagesOf(meminfo),
    swap_total_bytes: meminfo.swapTotalBytes,
    swap_used_bytes: swapUsedBytes,
    swap_used_percent:
      meminfo.swapTotalBytes === 0 ? null : twoDecimals((swapUsedBytes / meminfo.swapTotalBytes) * 100),
    committed_bytes: meminfo.committedBytes,
    hardware_corrupted_bytes: meminfo.hardwareCorruptedBytes,
  }
}

function hugepagesOf(meminfo: MeminfoFacts): NonNullable<MemoryServer['usage']>['hugepages'] {
  const { hugePagesTotal, hugePagesFree, hugePageSizeBytes } = meminfo
  if (hugePagesTotal === null || hugePageSizeBytes === null) return null
  return {
    total: hugePagesTotal,
    free: hugePagesFree,
    page_bytes: hugePageSizeBytes,
    reserved_bytes: hugePagesTotal * hugePageSizeBytes,
    unused_bytes: hugePagesFree === null ? null : hugePagesFree * hugePageSizeBytes,
  }
}

function pressureOf(assessment: ServerAssessment): MemoryServer['pressure'] {
  const facts = assessment.inspection.facts.memory
  const pressure = facts === undefined ? null : outcomeValue(facts.pressure)
  if (pressure === null) return null
  return {
    some_avg10: pressure.someAvg10Percent,
    some_avg60: pressure.someAvg60Percent,
    some_avg300: pressure.someAvg300Percent,
    full_avg10: pressure.fullAvg10Percent,
    full_avg60: pressure.fullAvg60Percent,
    full_avg300: pressure.fullAvg300Percent,
    evidence: sectionRef(assessment, SECTION_IDS.pressure),
  }
}

/** Facts stored before a section was read lack it. */
function factOf<T>(
  { inspection }: ServerAssessment,
  pick: (facts: MemoryFacts) => SectionOutcome<T> | undefined,
): T | null {
  const outcome = inspection.facts.memory === undefined ? undefined : pick(inspection.facts.memory)
  return outcome === undefined ? null : outcomeValue(outcome)
}

function oomOf(assessment: ServerAssessment, localTime: (at: Date) => string): MemoryServer['oom'] {
  const oom = factOf(assessment, ({ oomKills }) => oomKills)
  if (oom === null) return null
  return {
    kills: oom.kills.toReversed().map((kill) => ({
      at: kill.at === null ? null : localTime(kill.at),
      victim: kill.victim,
      pid: kill.pid,
      uid: kill.uid,
      resident_bytes: kill.residentBytes,
      scope: kill.scope,
      cgroup: kill.cgroup,
      invoked_by: kill.invokedBy,
    })),
    log_since: oom.logSince === null ? null : localTime(oom.logSince),
    evidence: sectionRef(assessment, SECTION_IDS.oomKills),
  }
}

function numaOf(assessment: ServerAssessment): MemoryServer['numa'] {
  const nodes = factOf(assessment, ({ numa }) => numa)
  if (nodes === null) return null
  return {
    nodes: nodes.map(({ node, totalBytes, freeBytes, cpuList }) => ({
      node,
      total_bytes: totalBytes,
      free_bytes: freeBytes,
      cpus: cpuList,
    })),
    evidence: sectionRef(assessment, SECTION_IDS.numa),
  }
}

function hugePagesOf(assessment: ServerAssessment): MemoryServer['huge_pages'] {
  const found = factOf(assessment, ({ hugePages }) => hugePages)
  if (found === null) return null
  return {
    pools: found.pools.map(({ pageBytes, totalPages, freePages, reservedPages }) => ({
      page_bytes: pageBytes,
      total: totalPages,
      free: freePages,
      promised: reservedPages,
    })),
    transparent: found.transparent,
    evidence: sectionRef(assessment, SECTION_IDS.hugePages),
  }
}

function processesOf(
  assessment: ServerAssessment,
  totalBytes: number | null,
  localTime: (at: Date) => string,
): MemoryServer['top_processes'] {
  const facts = assessment.inspection.facts.memory
  const processes = facts === undefined ? null : outcomeValue(facts.processes)
  if (processes === null) return null
  return processes.map((process) => ({
    pid: process.pid,
    user: process.user,
    resident_bytes: process.residentBytes,
    resident_percent:
      totalBytes === null || totalBytes === 0
        ? null
        : twoDecimals((process.residentBytes / totalBytes) * 100),
    // Absent in facts stored before they were read.
    proportional_bytes: process.proportionalBytes ?? null,
    swapped_bytes: process.swappedBytes ?? null,
    started_at: process.startedAt == null ? null : localTime(process.startedAt),
    elapsed_seconds: process.elapsedSeconds,
    command: process.command,
  }))
}

function inventoryOf(inventory: MemoryInventory): Omit<NonNullable<MemoryServer['inventory']>, 'evidence'> {
  const filled = inventory.slots.flatMap(({ module, state }) =>
    module === null || state === 'disabled' ? [] : [module],
  )
  const sizes = filled.map(({ sizeBytes }) => sizeBytes)
  const systemArrays = inventory.arrays.filter(({ use }) => use === null || use === 'System Memory')
  const maxima = systemArrays.map(({ maximumBytes }) => maximumBytes)
  return {
    slots: inventory.slots.map(slotOf),
    slots_total: inventory.slots.length,
    slots_filled: filled.length,
    empty_slots: locatorsOf(inventory, ({ module, state }) =>
      // Facts stored before there were states: a slot without a module is empty.
      state === undefined ? module === null : state === 'empty',
    ),
    disabled_slots: locatorsOf(inventory, ({ state }) => state === 'disabled'),
    installed_bytes: sumOrNull(sizes),
    firmware_maximum_bytes: maxima.length === 0 ? null : sumOrNull(maxima),
    error_correction:
      systemArrays.find(({ errorCorrection }) => errorCorrection !== null)?.errorCorrection ?? null,
  }
}

const locatorsOf = (
  { slots }: MemoryInventory,
  test: (slot: Omit<MemorySlot, 'state'> & Partial<MemorySlot>) => boolean,
): string[] => slots.filter(test).map(({ locator }) => locator ?? '?')

function slotOf({
  locator,
  bankLocator,
  module,
  state,
}: Omit<MemorySlot, 'state'> & Partial<MemorySlot>): NonNullable<MemoryServer['inventory']>['slots'][number] {
  if (module === null) return { locator, bank: bankLocator, state: state ?? null, module: null }
  const { totalWidthBits, dataWidthBits } = module
  return {
    locator,
    bank: bankLocator,
    state: state ?? null,
    module: {
      size_bytes: module.sizeBytes,
      generation: module.generation,
      kind: module.kind,
      form_factor: module.formFactor,
      ecc: totalWidthBits === null || dataWidthBits === null ? null : totalWidthBits > dataWidthBits,
      rank: module.rank,
      rated_mts: module.ratedMegatransfersPerSecond,
      configured_mts: module.configuredMegatransfersPerSecond,
      manufacturer: module.manufacturer,
      part_number: module.partNumber,
      serial: module.serialNumber,
    },
  }
}

const twoDecimals = (percent: number): number => Math.round(percent * 100) / 100

/** A sum with an unknown part is unknown. */
function sumOrNull(parts: readonly (number | null)[]): number | null {
  let sum = 0
  for (const part of parts) {
    if (part === null) return null
    sum += part
  }
  return sum
}
