import type { MemoryInventory, MemoryModule, MemorySlot } from '../../domain/facts/memory.ts'

/** Part numbers of Intel Optane persistent memory (100, 200, 300 series). Source: Intel product specifications. */
const OPTANE_PART = /^NM[A-C]1X/

/** Older dmidecode does not know the type of persistent memory, so that only its part number tells. */
const isPersistent = ({ generation, partNumber }: MemoryModule): boolean =>
  (generation ?? '').startsWith('Logical non-volatile') || OPTANE_PART.test(partNumber ?? '')

/** Returns the slots without those that hold persistent memory, which is not part of what the system can use as RAM. */
export const ramSlots = (inventory: MemoryInventory): readonly MemorySlot[] =>
  inventory.slots.filter(({ module }) => module === null || !isPersistent(module))
