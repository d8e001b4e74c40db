import type { MemoryInventory, MemorySlot } from '../../domain/facts/memory.ts'

/** Returns the slots without those that hold persistent memory, which is not part of what the system can use as RAM. */
export const ramSlots = (inventory: MemoryInventory): readonly MemorySlot[] =>
  inventory.slots.filter((slot) => !(slot.module?.generation ?? '').startsWith('Logical non-volatile'))
