import type { FactsByProbe } from '../../../src/domain/inspection.ts'
import type { SectionOutcome } from '../../../src/domain/outcome.ts'
import { driveName } from './host-files.ts'
import { type HostProfile, hostProfile } from './host-profile.ts'

/** What an inspection reads of a host and its profile decides; null where nothing was read. */
export interface HostFacts {
  readonly hostname: string | null
  readonly bootId: string | null
  readonly board: readonly (string | null)[] | null
  readonly cpu: readonly (string | number | null)[] | null
  readonly memory: readonly number[] | null
  readonly slotCount: number | null
  readonly modules: readonly (readonly (string | number | null)[])[] | null
  readonly filesystems: readonly (readonly (string | number)[])[] | null
  readonly disks: readonly (readonly (string | number | null)[])[] | null
  readonly drives: readonly (readonly (string | number | boolean | null)[])[] | null
  readonly packageCelsius: number | null
}

const ofProfile = (host: HostProfile): HostFacts => ({
  hostname: host.hostname,
  bootId: host.bootId,
  board: [host.systemVendor, host.productName, host.serialNumber],
  cpu: [
    host.cpuModel,
    host.socketCount,
    host.socketCount * host.coresPerSocket,
    host.socketCount * host.coresPerSocket,
  ],
  memory: [host.memoryTotalKilobytes * 1024, host.memoryAvailableKilobytes * 1024],
  slotCount: host.slotCount,
  modules: host.modules.map((module) => [
    module.locator,
    module.sizeMegabytes * 1024 ** 2,
    module.serialNumber,
    module.partNumber,
  ]),
  filesystems: host.filesystems.map((one) => [
    one.source,
    one.mount,
    one.totalKilobytes * 1024,
    one.usedKilobytes * 1024,
  ]),
  disks: [[driveName(host.drive), host.drive.capacityBytes, host.drive.model, host.drive.serialNumber]],
  drives: [
    [
      host.drive.protocol,
      host.drive.model,
      host.drive.serialNumber,
      host.drive.capacityBytes,
      true,
      host.drive.temperatureCelsius,
      host.drive.powerOnHours,
      host.drive.protocol === 'ATA' ? host.drive.reallocatedSectors : null,
      host.drive.protocol === 'NVMe' ? host.drive.wearPercent : null,
    ],
  ],
  packageCelsius: host.packageCelsius,
})

/** Returns the facts that an inspection of host n has to come to, as root or as `ops`. */
export const expectedFactsOf = (n: number): HostFacts => ofProfile(hostProfile(n))

const readOf = <T>(outcome: SectionOutcome<T> | undefined): T | null =>
  outcome?.status === 'ok' ? outcome.value : null

/** Returns the same of what was read, for one comparison with {@link expectedFactsOf}. */
export function hostFactsOf({ system, memory, disk, sensors }: Partial<FactsByProbe>): HostFacts {
  const board = readOf(system?.board)
  const cpu = readOf(system?.cpu)
  const meminfo = readOf(memory?.meminfo)
  const inventory = readOf(memory?.inventory)
  return {
    hostname: readOf(system?.os)?.hostname ?? null,
    bootId: readOf(system?.uptime)?.bootId ?? null,
    board: board && [board.systemVendor, board.productName, board.serialNumber],
    cpu: cpu && [cpu.modelName, cpu.socketCount, cpu.coreCount, cpu.logicalCount],
    memory: meminfo && [meminfo.totalBytes, meminfo.availableBytes],
    slotCount: inventory?.slots.length ?? null,
    modules:
      inventory?.slots.flatMap(({ locator, module }) =>
        module === null ? [] : [[locator, module.sizeBytes, module.serialNumber, module.partNumber]],
      ) ?? null,
    filesystems:
      readOf(disk?.filesystems)?.map((one) => [one.source, one.mount, one.totalBytes, one.usedBytes]) ?? null,
    disks:
      readOf(disk?.blockDevices)
        ?.filter(({ type }) => type === 'disk')
        .map((one) => [one.name, one.sizeBytes, one.model, one.serialNumber]) ?? null,
    drives:
      readOf(disk?.smart)?.map((one) => [
        one.protocol,
        one.model,
        one.serialNumber,
        one.capacityBytes,
        one.healthPassed,
        one.temperatureCelsius,
        one.powerOnHours,
        one.reallocatedSectors,
        one.wearPercent,
      ]) ?? null,
    packageCelsius: readOf(sensors?.hwmon)?.[0]?.reading ?? null,
  }
}
