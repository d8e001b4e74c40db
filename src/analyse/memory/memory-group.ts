import type { MemorySlot } from '../../domain/facts/memory.ts'

/** `P0 CHANNEL A`, `Channel B`, `NODE 0 CHANNEL 2 DIMM 0`, `P0_Node1_Channel2_Dimm0`, `ChannelA-DIMM0`. */
const CHANNEL =
  /^(?:(?:P|CPU|PROC|SOCKET|NODE)?[ _-]?(\d{1,2})[ _-])?(?:[ _-]?NODE ?(\d{1,2})[ _-])?CHANNEL[ _-]?([A-Z]|\d{1,2})(?:[ _-]{1,2}DIMM[ _-]?\d{0,2})?$/
/** `P1-DIMMA1`, `CPU1_DIMM_A1`, `DIMM_P0_A1`, `DIMM_A1`, `DIMM A1`, `A1`. */
const LETTER = /^(?:(?:P|CPU|PROC)[ _-]?(\d{1,2})[ _-])?(?:DIMM[ _-]?)?(?:P(\d{1,2})[ _-])?([A-Z])\d{1,2}$/

/**
 * Returns the name of the group of slots (a channel, on some boards all of one CPU) that a slot belongs to, or null
 * when its locators are in none of the simple forms. Slots of equal name stand together; whether the letter is a
 * channel or a CPU (Dell's `A1`) is not told.
 */
export function memoryGroupOf(slot: Pick<MemorySlot, 'locator' | 'bankLocator'>): string | null {
  for (const name of [slot.bankLocator, slot.locator]) {
    const match = CHANNEL.exec(normalise(name))
    if (match !== null) return [match[1], match[2], match[3]].filter((part) => part !== undefined).join('/')
  }
  const letter = LETTER.exec(normalise(slot.locator))
  if (letter === null) return null
  return [letter[1], letter[2], letter[3]].filter((part) => part !== undefined).join('/')
}

const normalise = (name: string | null): string => (name ?? '').slice(0, 64).trim().toUpperCase()
