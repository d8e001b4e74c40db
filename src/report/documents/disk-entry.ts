import type { DiskGrowth, DriveOutlook, ServerAssessment } from '../../domain/assessment.ts'
import type { DiskFacts } from '../../domain/facts/disk.ts'
import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { diskLimitAt, type ServerThresholds } from '../../domain/thresholds.ts'
import { sinceLastInspection } from './changes-entry.ts'
import { cleanUpAdvice } from './clean-up-advice.ts'
import type { DiskServer } from './disk-schema.ts'
import { driveVerdict } from './drive-verdict.ts'
import { evidenceEntries, sectionRef } from './evidence-entry.ts'
import { findingArea, findingEntry } from './finding-entry.ts'
import { inspectedServerHead } from './inspected-server.ts'
import { raidEntry } from './raid-entry.ts'
import { SECTION_IDS } from './section-ids.ts'
import { growthEntry, spaceEntry } from './space-entry.ts'
import { unreadSections } from './unread-section.ts'

/** Returns what the disk document says of one server; `growth` is that of its fullest filesystem, null where not known. */
export function diskEntry(
  assessment: ServerAssessment,
  growth: DiskGrowth | null,
  localTime: (at: Date) => string,
): DiskServer {
  const { server, inspection, findings } = assessment
  const facts = inspection.facts.disk
  const filesystems = facts === undefined ? null : filesystemsOf(facts, assessment.thresholds)
  const ref = (sectionId: string): string | null => sectionRef(assessment, sectionId)
  const space = spaceEntry(facts, ref)
  return {
    ...inspectedServerHead(assessment, localTime),
    filesystems,
    filesystems_evidence: ref(SECTION_IDS.filesystems),
    block_devices: facts === undefined ? null : blockDevicesOf(facts),
    block_devices_evidence: ref(SECTION_IDS.blockDevices),
    md_arrays: facts === undefined ? null : mdArraysOf(facts),
    md_arrays_evidence: ref(SECTION_IDS.mdArrays),
    drives: facts === undefined ? null : drivesOf(facts, findings, assessment.driveOutlooks),
    drives_evidence: ref(SECTION_IDS.smart),
    ...raidEntry(facts, ref),
    ...space,
    growth: growthEntry(growth, filesystems, localTime),
    clean_up: cleanUpAdvice({ filesystems, ...space }),
    since_last_inspection: sinceLastInspection(assessment, ['disk', 'system'], localTime),
    warnings: findings
      .filter((finding) => findingArea(finding) === 'disk' || findingArea(finding) === 'both')
      .map((finding) => findingEntry(finding, server.bkCloudId, localTime)),
    not_read: unreadSections(inspection, ['disk']),
    evidence: evidenceEntries(server, inspection, ['disk'], localTime),
  }
}

function filesystemsOf(facts: DiskFacts, thresholds: ServerThresholds): DiskServer['filesystems'] {
  const filesystems = outcomeValue(facts.filesystems)
  if (filesystems === null) return null
  return [...filesystems]
    .sort((one, other) => other.usedPercent - one.usedPercent || compareText(one.mount, other.mount))
    .map((filesystem) => ({
      source: filesystem.source,
      type: filesystem.type,
      mount: filesystem.mount,
      threshold_percent: diskLimitAt(thresholds, filesystem.mount).percent,
      threshold_source: diskLimitAt(thresholds, filesystem.mount).source,
      total_bytes: filesystem.totalBytes,
      used_bytes: filesystem.usedBytes,
      available_bytes: filesystem.availableBytes,
      used_percent: filesystem.usedPercent,
      inodes_total: filesystem.inodesTotal,
      inodes_used: filesystem.inodesUsed,
      inodes_used_percent: filesystem.inodesUsedPercent,
      read_only: filesystem.readOnly,
    }))
}

function blockDevicesOf(facts: DiskFacts): DiskServer['block_devices'] {
  return (
    outcomeValue(facts.blockDevices)?.map((device) => ({
      name: device.name,
      parent: device.parentName,
      type: device.type,
      size_bytes: device.sizeBytes,
      rotational: device.rotational,
      model: device.model,
      serial: device.serialNumber,
      filesystem: device.filesystemType,
      mount: device.mount,
    })) ?? null
  )
}

function mdArraysOf(facts: DiskFacts): DiskServer['md_arrays'] {
  return (
    outcomeValue(facts.mdArrays)?.map((array) => ({
      name: array.name,
      level: array.level,
      state: array.state,
      members: array.memberCount,
      active_members: array.activeMemberCount,
      failed_members: [...array.failedMembers],
      operation: array.operation,
      operation_percent: array.operationPercent,
    })) ?? null
  )
}

const VERDICT_ORDER = ['critical', 'warning', 'unknown', 'no_warning_signs'] as const

function drivesOf(
  facts: DiskFacts,
  findings: readonly Finding[],
  outlooks: readonly DriveOutlook[],
): DiskServer['drives'] {
  const drives = outcomeValue(facts.smart)
  if (drives === null) return null
  const byDevice = new Map(outlooks.map((outlook) => [outlook.device, outlook]))
  return drives
    .map((drive) => ({
      device: drive.device,
      protocol: drive.protocol,
      model: drive.model,
      serial: drive.serialNumber,
      firmware: drive.firmware,
      capacity_bytes: drive.capacityBytes,
      ...driveVerdict(drive, findings),
      health_passed: drive.healthPassed,
      temperature_celsius: drive.temperatureCelsius,
      power_on_hours: drive.powerOnHours,
      wear_percent: drive.wearPercent,
      remaining_life_hours: byDevice.get(drive.device)?.remainingLifeHours ?? null,
      replacement_risk: riskOf(byDevice.get(drive.device)),
      access: drive.details?.access ?? null,
    }))
    .sort(
      (one, other) =>
        VERDICT_ORDER.indexOf(one.verdict) - VERDICT_ORDER.indexOf(other.verdict) ||
        compareText(one.device, other.device),
    )
}

function riskOf(
  outlook: DriveOutlook | undefined,
): NonNullable<DiskServer['drives']>[number]['replacement_risk'] {
  if (outlook === undefined || outlook.risk === null) return null
  const { scorePercent, contributions, explanation } = outlook.risk
  return {
    score_percent: scorePercent,
    contributions: contributions.map(({ sign, reading, riskPercent }) => ({
      sign,
      reading,
      risk_percent: riskPercent,
    })),
    explanation,
  }
}

/** By code unit: the same everywhere, whatever the locale. */
const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
