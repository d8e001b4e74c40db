import { z } from 'zod'
import type { SystemFacts } from '../../domain/facts/system.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { countField, countOrNull, wordsOrNull } from './document-fields.ts'

/** What kind of machine a server is. */
export const platformSchema = z.strictObject({
  is_virtual: z
    .boolean()
    .nullable()
    .describe('True for a virtual machine or container; null when it could not be told'),
  virtualization: wordsOrNull('kvm, vmware, lxc, docker …'),
  os: wordsOrNull('Name of the operating system'),
  kernel: wordsOrNull('Kernel release'),
  architecture: wordsOrNull('Machine architecture'),
  cpu: z
    .strictObject({
      model: wordsOrNull('Model name'),
      sockets: countOrNull('Sockets'),
      cores: countOrNull('Physical cores'),
      logical: countField('Logical CPUs'),
      numa_nodes: countOrNull('NUMA nodes').default(null),
    })
    .nullable()
    .describe('Null when not read'),
  board: z
    .strictObject({
      system_vendor: wordsOrNull('Maker of the system'),
      product: wordsOrNull('Product name'),
      board_vendor: wordsOrNull('Maker of the board'),
      board: wordsOrNull('Board name'),
      bios_vendor: wordsOrNull('Maker of the firmware'),
      bios_version: wordsOrNull('Version of the firmware'),
      bios_date: wordsOrNull('Date of the firmware, as it states it'),
      serial: wordsOrNull('Serial number; readable by root only'),
    })
    .nullable()
    .describe('Null when not read'),
})
export type Platform = z.output<typeof platformSchema>

/** Returns what the `system` probe said of the machine; all null when it was not run. */
export function platformEntry(facts: SystemFacts | undefined): Platform {
  const os = facts === undefined ? null : outcomeValue(facts.os)
  const cpu = facts === undefined ? null : outcomeValue(facts.cpu)
  const board = facts === undefined ? null : outcomeValue(facts.board)
  const virtualization = facts === undefined ? null : outcomeValue(facts.virtualization)
  return {
    is_virtual: virtualization?.isVirtual ?? null,
    virtualization: virtualization?.technology ?? null,
    os: os?.prettyName ?? null,
    kernel: os?.kernelRelease ?? null,
    architecture: os?.architecture ?? null,
    cpu:
      cpu === null
        ? null
        : {
            model: cpu.modelName,
            sockets: cpu.socketCount,
            cores: cpu.coreCount,
            logical: cpu.logicalCount,
            // Absent in facts stored before it was read.
            numa_nodes: cpu.numaNodeCount ?? null,
          },
    board:
      board === null
        ? null
        : {
            system_vendor: board.systemVendor,
            product: board.productName,
            board_vendor: board.boardVendor,
            board: board.boardName,
            bios_vendor: board.biosVendor,
            bios_version: board.biosVersion,
            bios_date: board.biosDate,
            serial: board.serialNumber,
          },
  }
}
