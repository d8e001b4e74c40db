import type { DiskFacts, HardwareRaid } from '../../domain/facts/disk.ts'
import { outcomeValue, type SectionOutcome } from '../../domain/outcome.ts'
import type { DiskServer } from './disk-schema.ts'
import { SECTION_IDS } from './section-ids.ts'

type RaidPart = Pick<
  DiskServer,
  | 'hardware_raid'
  | 'hardware_raid_evidence'
  | 'md_details'
  | 'md_details_evidence'
  | 'zfs_pools'
  | 'zfs_pools_evidence'
  | 'multipath'
  | 'multipath_evidence'
>

/** Returns the value of a section that facts of older versions lack. */
export const sectionValue = <T>(outcome: SectionOutcome<T> | undefined): T | null =>
  outcome === undefined ? null : outcomeValue(outcome)

/** Returns the arrays of every kind but /proc/mdstat. */
export function raidEntry(facts: DiskFacts | undefined, ref: (sectionId: string) => string | null): RaidPart {
  return {
    hardware_raid: sectionValue(facts?.hardwareRaid)?.map(hardwareOf) ?? null,
    hardware_raid_evidence: ref(SECTION_IDS.hardwareRaid),
    md_details:
      sectionValue(facts?.mdDetails)?.map((array) => ({
        device: array.device,
        level: array.level,
        state: array.stateText,
        degraded: array.degraded,
        failed_members: [...array.failedMembers],
        progress_percent: array.progressPercent,
        mismatches: array.mismatchCount,
      })) ?? null,
    md_details_evidence: ref(SECTION_IDS.mdDetails),
    zfs_pools:
      sectionValue(facts?.zfsPools)?.map((pool) => ({
        name: pool.name,
        state: pool.state,
        status: pool.status,
        scan: pool.scan,
        errors: pool.errors,
        devices: pool.devices.map((device) => ({
          name: device.name,
          state: device.state,
          read_errors: device.readErrors,
          write_errors: device.writeErrors,
          checksum_errors: device.checksumErrors,
        })),
      })) ?? null,
    zfs_pools_evidence: ref(SECTION_IDS.zfsPools),
    multipath:
      sectionValue(facts?.multipath)?.map(({ name, wwid, paths }) => ({
        name,
        wwid,
        paths: paths.map(({ device, up, stateText }) => ({ device, up, state: stateText })),
      })) ?? null,
    multipath_evidence: ref(SECTION_IDS.multipath),
  }
}

const hardwareOf = ({
  tool,
  controllers,
  volumes,
  drives,
}: HardwareRaid): NonNullable<RaidPart['hardware_raid']>[number] => ({
  tool,
  controllers: controllers.map((controller) => ({
    id: controller.id,
    model: controller.model,
    serial: controller.serialNumber,
    firmware: controller.firmware,
    state: controller.stateText,
    healthy: controller.healthy,
    battery:
      controller.battery === null
        ? null
        : {
            state: controller.battery.stateText,
            healthy: controller.battery.healthy,
            temperature_celsius: controller.battery.temperatureCelsius,
            charge_percent: controller.battery.chargePercent,
          },
  })),
  volumes: volumes.map((volume) => ({
    controller: volume.controllerId,
    name: volume.name,
    level: volume.level,
    state: volume.state,
    state_text: volume.stateText,
    size: volume.sizeText,
  })),
  drives: drives.map((drive) => ({
    controller: drive.controllerId,
    slot: drive.slot,
    state: drive.state,
    state_text: drive.stateText,
    model: drive.model,
    serial: drive.serialNumber,
    media_errors: drive.mediaErrors,
    other_errors: drive.otherErrors,
    predictive_failures: drive.predictiveFailures,
    smart_alert: drive.smartAlert,
    temperature_celsius: drive.temperatureCelsius,
    rebuild_percent: drive.rebuildPercent,
  })),
})
