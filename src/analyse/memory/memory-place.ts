import type { MemorySlot } from '../../domain/facts/memory.ts'

/** `P0 CHANNEL A`, `Channel B`, `NODE 0 CHANNEL 2 DIMM 0`, `P0_Node1_Channel2_Dimm0`, `ChannelA-DIMM0`. */
const CHANNEL =
  /^(?:(?:P|CPU|PROC|SOCKET|NODE)?[ _-]?(\d{1,2})[ _-])?(?:[ _-]?NODE ?(\d{1,2})[ _-])?CHANNEL[ _-]?([A-Z]|\d{1,2})(?:[ _-]{1,2}DIMM[ _-]?(\d{0,2}))?$/
/** `P1-DIMMA1`, `CPU1_DIMM_A1`, `DIMM_P0_A1`, `DIMM_A1`, `DIMM A1`, `A1`. */
const LETTER = /^(?:(?:P|CPU|PROC)[ _-]?(\d{1,2})[ _-])?(?:DIMM[ _-]?)?(?:P(\d{1,2})[ _-])?([A-Z])(\d{1,2})$/

/** Where a slot stands by its printed names. */
export interface MemoryPlace {
  /** The processor; null when the names tell none: then `channel` may be one (Dell's `A1`). */
  readonly socket: string | null
  readonly channel: string
  /** Number within the channel; null where the name has none. */
  readonly position: string | null
}

/** Returns the place of a slot, or null when its locators are in none of the simple forms. */
export function memoryPlaceOf(slot: Pick<MemorySlot, 'locator' | 'bankLocator'>): MemoryPlace | null {
  for (const name of [slot.bankLocator, slot.locator]) {
    const match = CHANNEL.exec(normalise(name))
    if (match !== null) return toPlace(match)
  }
  const letter = LETTER.exec(normalise(slot.locator))
  return letter === null ? null : toPlace(letter)
}

function toPlace([, first, second, channel = '', position]: RegExpExecArray): MemoryPlace {
  const socket = [first, second].filter((part) => part !== undefined).join('/')
  return { socket: socket === '' ? null : socket, channel, position: position || null }
}

const normalise = (name: string | null): string => (name ?? '').slice(0, 64).trim().toUpperCase()
