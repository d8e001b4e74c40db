import type { RaidRecording } from '../../src/collect/probes/disk/parse-raid.ts'
import { readRaidRecording } from '../../src/collect/probes/disk/parse-raid.ts'
import type { HardwareRaid, MdArray, MdDetail } from '../../src/domain/facts/disk.ts'
import type { CorpusKind, Facts } from '../corpus-kind.ts'
import { expectedFiles } from '../read-corpus.ts'
import { scoreFacts } from '../score-facts.ts'

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

const sum = (counts: readonly (number | null)[]): number =>
  counts.reduce<number>((total, count) => total + (count ?? 0), 0)

const perController = (raid: HardwareRaid, rows: readonly { readonly controllerId: string | null }[]) =>
  raid.controllers.map(({ id }) => rows.filter((row) => row.controllerId === id).length)

function storcliFacts(raid: HardwareRaid): Facts {
  return {
    tool: 'storcli',
    controllers: raid.controllers.length,
    model: raid.controllers.map(({ model }) => model),
    controller_status: raid.controllers.map(({ stateText }) => stateText),
    physical_drives: perController(raid, raid.drives),
    virtual_drives: perController(raid, raid.volumes),
  }
}

function megacliFacts({ controllers, drives }: HardwareRaid): Facts {
  const battery = controllers.find((controller) => controller.battery !== null)?.battery ?? null
  if (drives.length === 0 && battery !== null)
    return {
      tool: 'megacli-bbu',
      battery_state: battery.stateText,
      temperature_c: battery.temperatureCelsius,
      relative_charge_pct: battery.chargePercent,
    }
  return {
    tool: 'megacli',
    physical_drives: drives.length,
    // The word before the comma is the state, what follows is whether it spins.
    states: tally(drives.map(({ stateText }) => stateText.split(',')[0] ?? '')),
    media_errors: sum(drives.map(({ mediaErrors }) => mediaErrors)),
    predictive_failures: sum(drives.map(({ predictiveFailures }) => predictiveFailures)),
  }
}

function arcconfFacts({ volumes, drives }: HardwareRaid): Facts {
  if (volumes.length > 0)
    return {
      tool: 'arcconf',
      logical_devices: volumes.length,
      states: volumes.map(({ stateText }) => stateText),
    }
  return {
    tool: 'arcconf',
    hard_drives: drives.length,
    states: tally(drives.map(({ stateText }) => stateText)),
  }
}

function hardwareFacts(raid: HardwareRaid): Facts {
  switch (raid.tool) {
    case 'storcli':
      return storcliFacts(raid)
    case 'megacli':
      return megacliFacts(raid)
    case 'arcconf':
      return arcconfFacts(raid)
    case 'ssacli':
      return {
        tool: 'ssacli',
        controllers: raid.controllers.length,
        drives_in_detail_sections: raid.drives.length,
      }
  }
}

function mdadmFacts(detail: MdDetail): Facts {
  return {
    tool: 'mdadm',
    level: detail.level,
    state: detail.stateText,
    raid_devices: detail.raidDevices,
    active: detail.activeDevices,
    failed: detail.failedDevices,
    spare: detail.spareDevices,
    degraded: detail.degraded,
  }
}

const isDegraded = ({ memberCount, activeMemberCount }: MdArray): boolean =>
  memberCount !== null && activeMemberCount !== null && activeMemberCount < memberCount

function factsOf(recording: RaidRecording | null): Facts {
  if (recording === null) return { tool: null }
  if ('raid' in recording) return hardwareFacts(recording.raid)
  if (recording.tool === 'zpool')
    return { tool: 'zpool', pools: recording.pools.map(({ name, state }) => ({ name, state })) }
  if (recording.tool === 'mdstat')
    return {
      tool: 'mdstat',
      arrays: recording.arrays.length,
      degraded_arrays: recording.arrays.filter(isDegraded).map(({ name }) => name),
    }
  const [first] = recording.arrays
  return first === undefined ? { tool: 'mdadm' } : mdadmFacts(first)
}

/** Output of RAID tools, told apart by their contents. */
export const raidKind: CorpusKind = {
  kind: 'raid',
  files: expectedFiles,
  answer: (contents) => factsOf(readRaidRecording(contents)),
  score: (expected, answers) => {
    const { accuracy, mistakes } = scoreFacts(expected, answers, (file) =>
      Object.keys(expected.get(file) ?? {}),
    )
    return { metrics: { facts: accuracy }, mistakes }
  },
}
