import type { MemoryInventory, MemoryModule, MemorySlotState } from '../../domain/facts/memory.ts'
import { type Text, text } from '../../domain/text.ts'
import { bytesText } from '../finding/quantity-text.ts'
import { namedSlots } from '../memory/named-slots.ts'
import { type ChangeDraft, compareObserved, fact, type Observed, plain } from './observed.ts'

const PART = { area: 'memory', sectionId: 'memory.inventory' } as const

interface Seat {
  readonly slotName: string
  readonly state: MemorySlotState
  readonly module: MemoryModule
}

const STATES: Readonly<Record<MemorySlotState, Text>> = {
  populated: text('在用', 'in use'),
  empty: text('空', 'empty'),
  disabled: text('被停用', 'disabled'),
  unknown: text('未知', 'unknown'),
}

const seatsOf = (inventory: MemoryInventory): readonly Seat[] =>
  namedSlots(inventory.slots).flatMap(({ name, slot }) =>
    slot.module === null ? [] : [{ slotName: name, state: slot.state, module: slot.module }],
  )

/** Serial and part number: makers count serial numbers each for themselves. */
const identityOf = ({ module }: Seat): string | null =>
  module.serialNumber === null ? null : `${module.serialNumber}/${module.partNumber ?? ''}`

/** Firmware that gives several modules one number has given none. */
function uniqueIdentities(seats: readonly Seat[]): ReadonlySet<string> {
  const counts = new Map<string, number>()
  for (const seat of seats) {
    const identity = identityOf(seat)
    if (identity !== null) counts.set(identity, (counts.get(identity) ?? 0) + 1)
  }
  return new Set([...counts].filter(([, count]) => count === 1).map(([identity]) => identity))
}

/** Slots of which one look cannot tell what is in them. */
const unknownSlots = (inventory: MemoryInventory): ReadonlySet<string> =>
  new Set(
    namedSlots(inventory.slots)
      .filter(({ slot }) => slot.state === 'unknown')
      .map(({ name }) => name),
  )

/**
 * Returns which modules came, went, moved or changed. A module is known by its serial number, else by its slot; a slot
 * that one look cannot read says nothing of its module.
 */
export function moduleChanges(previous: MemoryInventory, current: MemoryInventory): readonly ChangeDraft[] {
  const seats = { before: seatsOf(previous), after: seatsOf(current) }
  const identities = { before: uniqueIdentities(seats.before), after: uniqueIdentities(seats.after) }
  const isKnown = (seat: Seat): boolean => {
    const identity = identityOf(seat)
    return identity !== null && identities.before.has(identity) && identities.after.has(identity)
  }
  const toObserved = (seat: Seat, others: readonly Seat[]): Observed =>
    isKnown(seat) ? knownModule(seat) : moduleInSlot(seat, others)
  const readable = (list: readonly Seat[], unknown: ReadonlySet<string>) =>
    list.filter((seat) => isKnown(seat) || !unknown.has(seat.slotName))
  const inSlots = (list: readonly Seat[]) => list.filter((seat) => !isKnown(seat))
  const before = readable(seats.before, unknownSlots(current))
  const after = readable(seats.after, unknownSlots(previous))
  return [
    ...compareObserved(
      PART,
      before.map((seat) => toObserved(seat, inSlots(after))),
      after.map((seat) => toObserved(seat, inSlots(before))),
    ),
    ...compareObserved(PART, slotCount(previous), slotCount(current)),
  ]
}

const slotCount = ({ slots }: MemoryInventory): readonly Observed[] => [
  {
    key: 'slots',
    name: text('内存插槽', 'Memory slots'),
    facts: [fact('count', text('数量', 'number'), slots.length)],
  },
]

function describe({ sizeBytes, generation, partNumber, serialNumber }: MemoryModule): string {
  const words = [
    sizeBytes === null ? null : bytesText(sizeBytes),
    generation,
    partNumber,
    serialNumber === null ? null : `S/N ${serialNumber}`,
  ]
  return words.filter((word) => word !== null).join(' ')
}

const nameOf = ({ slotName, module }: Seat): Text => {
  const particulars = describe(module)
  const inBrackets = particulars === '' ? '' : ` (${particulars})`
  return text(`内存条 ${slotName}${inBrackets}`, `Module ${slotName}${inBrackets}`)
}

const propertiesOf = ({ state, module }: Seat): Observed['facts'] => [
  { id: 'state', label: text('状态', 'state'), value: state === 'unknown' ? null : STATES[state] },
  fact('size', text('容量', 'size'), module.sizeBytes === null ? null : bytesText(module.sizeBytes)),
  fact('configured', text('运行速率 MT/s', 'speed in MT/s'), module.configuredMegatransfersPerSecond),
]

const knownModule = (seat: Seat): Observed => ({
  key: `module ${identityOf(seat) ?? ''}`,
  name: nameOf(seat),
  facts: [
    { id: 'slot', label: text('插槽', 'slot'), value: plain(seat.slotName), isPlace: true },
    ...propertiesOf(seat),
  ],
})

const differs = (one: string | null, two: string | null): boolean =>
  one !== null && two !== null && one !== two

/** In one slot another serial or part number is another module: that is one sentence, not one for each property. */
function moduleInSlot(seat: Seat, others: readonly Seat[]): Observed {
  const { slotName, module } = seat
  const other = others.find((one) => one.slotName === slotName)?.module
  const isReplaced =
    other !== undefined &&
    (differs(module.serialNumber, other.serialNumber) || differs(module.partNumber, other.partNumber))
  const key = `slot ${slotName}`
  if (!isReplaced) return { key, name: nameOf(seat), facts: propertiesOf(seat) }
  return {
    key,
    name: text(`插槽 ${slotName}`, `Slot ${slotName}`),
    facts: [fact('module', text('内存条更换', 'has another module'), describe(module))],
  }
}
