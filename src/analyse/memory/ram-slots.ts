import type { MemoryInventory, MemoryModule, MemorySlot } from '../../domain/facts/memory.ts'

/** Part numbers of Intel Optane persistent memory (100, 200, 300 series). Source: Intel product specifications. */
const OPTANE_PART = /^NM[A-C]1X/

/** In facts stored by earlier versions only the type, or the part number, tells persistent memory. */
const isPersistentMemory = ({ isPersistent, generation, partNumber }: MemoryModule): boolean =>
  isPersistent || (generation ?? '').startsWith('Logical non-volatile') || OPTANE_PART.test(partNumber ?? '')

/** Returns the slots without those that hold persistent memory, which is not part of what the system can use as RAM. */
export const ramSlots = (inventory: MemoryInventory): readonly MemorySlot[] =>
  inventory.slots.filter(({ module }) => module === null || !isPersistentMemory(module))
