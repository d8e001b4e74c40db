import type { DiskFacts } from '../../domain/facts/disk.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import { bytesText } from '../finding/quantity-text.ts'
import { type ChangeDraft, compareObserved, fact, type Observed } from './observed.ts'

const PART = { area: 'drive', sectionId: 'disk.smart' } as const

/** A drive as one list shows it. */
interface Sighting {
  /** The list: one may be unread while the others are not. */
  readonly list: string
  readonly serialNumber: string | null
  /** Device name, or place behind a controller. */
  readonly place: string
  readonly slot: string | null
  readonly model: string | null
  readonly firmware: string | null
  readonly capacityBytes: number | null
}

/** What one look saw of drives: the lists that were read, and who stood in them. */
interface Sightings {
  readonly lists: ReadonlySet<string>
  readonly all: readonly Sighting[]
}

const NOTHING_ELSE = { slot: null, model: null, firmware: null, capacityBytes: null } as const

function sightingsOf(disk: DiskFacts): Sightings {
  const smart = outcomeValue(disk.smart)
  const devices = outcomeValue(disk.blockDevices)
  const raids = disk.hardwareRaid === undefined ? null : outcomeValue(disk.hardwareRaid)
  const lists = new Set([
    ...(smart === null ? [] : ['smart']),
    ...(devices === null ? [] : ['lsblk']),
    ...(raids ?? []).map(({ tool }) => tool),
  ])
  const all = [
    ...(smart ?? []).map((drive) => ({ ...drive, list: 'smart', place: drive.device, slot: null })),
    ...(devices ?? [])
      .filter(({ type, parentName }) => type === 'disk' && parentName === null)
      .map((device) => ({
        ...NOTHING_ELSE,
        list: 'lsblk',
        serialNumber: device.serialNumber,
        place: `/dev/${device.name}`,
        model: device.model,
      })),
    ...(raids ?? []).flatMap(({ tool, drives }) =>
      drives.map(({ controllerId, slot, serialNumber, model }) => {
        const place = `${tool} ${controllerId ?? ''} ${slot}`
        return { ...NOTHING_ELSE, list: tool, serialNumber, place, slot, model }
      }),
    ),
  ]
  return { lists, all }
}

/** The sightings of each drive that told its serial number, by that number. */
function bySerial({ all }: Sightings): ReadonlyMap<string, readonly Sighting[]> {
  const drives = new Map<string, Sighting[]>()
  for (const sighting of all) {
    const serial = sighting.serialNumber?.trim() ?? ''
    if (serial !== '') drives.set(serial, [...(drives.get(serial) ?? []), sighting])
  }
  return drives
}

/**
 * Returns true when the other look would have seen the drive if it was there: every list that showed it was read, and
 * none has a drive without a number that may be this one.
 */
function wouldBeSeen(sightings: readonly Sighting[], own: Sightings, other: Sightings): boolean {
  if (!sightings.every(({ list }) => other.lists.has(list))) return false
  const places = new Set(sightings.map(({ place }) => place))
  const nameless = ({ all }: Sightings) => all.filter(({ serialNumber }) => serialNumber === null)
  const wasNameless = new Set(nameless(own).map(({ list, place }) => `${list} ${place}`))
  return !nameless(other).some(
    ({ list, place }) =>
      places.has(place) ||
      // Devices get other names at a boot: a drive that fell silent since may be the one that is looked for.
      (sightings.some((one) => one.list === list) && !wasNameless.has(`${list} ${place}`)),
  )
}

const firstOf = <T>(values: readonly (T | null)[]): T | null => values.find((value) => value !== null) ?? null

function toObserved(serial: string, sightings: readonly Sighting[]): Observed {
  const model = firstOf(sightings.map((one) => one.model))
  const capacityBytes = firstOf(sightings.map((one) => one.capacityBytes))
  const place = sightings[0]?.place ?? ''
  const words = [model, capacityBytes === null ? null : bytesText(capacityBytes), `S/N ${serial}`]
  const name = `${place} (${words.filter((word) => word !== null).join(', ')})`
  return {
    key: serial,
    name: text(`硬盘 ${name}`, `Drive ${name}`),
    facts: [
      fact('firmware', text('固件', 'firmware'), firstOf(sightings.map((one) => one.firmware))),
      { ...fact('slot', text('槽位', 'slot'), firstOf(sightings.map((one) => one.slot))), isPlace: true },
    ],
  }
}

/**
 * Returns which drives came, went, moved to another slot of their controller, or have other firmware. A drive is known
 * by its serial number alone: one that only has another device name has not changed.
 */
export function driveChanges(previous: DiskFacts, current: DiskFacts): readonly ChangeDraft[] {
  const looks = { before: sightingsOf(previous), after: sightingsOf(current) }
  const drives = { before: bySerial(looks.before), after: bySerial(looks.after) }
  const observed = (
    own: ReadonlyMap<string, readonly Sighting[]>,
    others: ReadonlyMap<string, readonly Sighting[]>,
    from: Sightings,
    to: Sightings,
  ) =>
    [...own]
      .filter(([serial, sightings]) => others.has(serial) || wouldBeSeen(sightings, from, to))
      .map(([serial, sightings]) => toObserved(serial, sightings))
  return compareObserved(
    PART,
    observed(drives.before, drives.after, looks.before, looks.after),
    observed(drives.after, drives.before, looks.after, looks.before),
  )
}
