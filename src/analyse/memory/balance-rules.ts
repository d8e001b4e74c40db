import type { MemorySlot } from '../../domain/facts/memory.ts'
import { text } from '../../domain/text.ts'
import type { FindingDraft } from '../finding/make-finding.ts'
import { bytesText, listText } from '../finding/quantity-text.ts'
import { MEMORY_LIMITS } from './memory-limits.ts'
import { type MemoryPlace, memoryPlaceOf } from './memory-place.ts'
import { namedSlots } from './named-slots.ts'

const INVENTORY = { kind: 'memory', component: null, evidenceIds: ['memory.inventory'] } as const

interface PlacedSlot {
  readonly name: string
  readonly place: MemoryPlace
  /** Nothing in it is 0. */
  readonly sizeBytes: number
}

/** Slots that stand together. */
interface Group {
  readonly name: string
  readonly slots: readonly PlacedSlot[]
  readonly sizeBytes: number
}

/**
 * Returns drafts on how the modules are spread over channels and processors. Where one slot cannot be placed, or what
 * is in it is not known, nothing can be said of the rest.
 */
export function balanceDrafts(slots: readonly MemorySlot[]): readonly FindingDraft[] {
  const placed = placedSlots(slots)
  if (placed === null) return []
  const sockets = groupsOf(placed, ({ socket }) => socket ?? '')
  const silent = silentSlots(sockets, placed)
  if (silent.length > 0) return [silentDraft(silent)]
  const channels = sockets.map((socket) => ({
    socket,
    channels: groupsOf(socket.slots, ({ channel }) => [socket.name, channel].filter(Boolean).join('/')),
  }))
  const uneven = channels.filter((one) => isUneven(one.channels)).flatMap((one) => one.channels)
  if (uneven.length > 0) return [unbalancedChannels(uneven.filter(({ sizeBytes }) => sizeBytes > 0))]
  return isUneven(sockets) ? [unbalancedSockets(sockets.filter(({ sizeBytes }) => sizeBytes > 0))] : []
}

function placedSlots(slots: readonly MemorySlot[]): readonly PlacedSlot[] | null {
  const placed: PlacedSlot[] = []
  for (const { name, slot } of namedSlots(slots)) {
    const place = memoryPlaceOf(slot)
    if (place === null || slot.state === 'unknown' || slot.module?.sizeBytes === null) return null
    placed.push({ name, place, sizeBytes: slot.module?.sizeBytes ?? 0 })
  }
  return placed
}

function groupsOf(slots: readonly PlacedSlot[], nameOf: (place: MemoryPlace) => string): readonly Group[] {
  return [...Map.groupBy(slots, ({ place }) => nameOf(place))].map(([name, members]) => ({
    name,
    slots: members,
    sizeBytes: members.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  }))
}

/** Groups without any memory are channels or processors that are not used, which is no imbalance. */
const isUneven = (groups: readonly Group[]): boolean =>
  new Set(groups.map(({ sizeBytes }) => sizeBytes).filter((sizeBytes) => sizeBytes > 0)).size > 1

/** Returns empty slots that look like failed modules (rule F1): a channel, or mirrored positions, silent among full ones. */
function silentSlots(sockets: readonly Group[], placed: readonly PlacedSlot[]): readonly string[] {
  const silentChannels = sockets.flatMap((socket) => silentChannel(socket.slots))
  if (silentChannels.length > 0) return silentChannels
  const channels = groupsOf(placed, ({ channel }) => channel)
  const isNamed = sockets.every(({ name }) => name !== '')
  const isProcessors = channels.every(({ slots }) => slots.length > MEMORY_LIMITS.slotsPerChannel.limit)
  if (isNamed) return silentPositions(sockets, ({ channel, position }) => `${channel}${position ?? ''}`)
  return isProcessors ? silentPositions(channels, ({ position }) => position ?? '') : []
}

function silentChannel(slots: readonly PlacedSlot[]): readonly string[] {
  const channels = groupsOf(slots, ({ channel }) => channel)
  const full = channels.filter(({ sizeBytes }) => sizeBytes > 0)
  const [silent, ...more] = channels.filter(({ sizeBytes }) => sizeBytes === 0)
  if (silent === undefined || more.length > 0 || full.length < MEMORY_LIMITS.fullNeighbours.limit) return []
  const isChannel = channels.every(({ slots: own }) => own.length <= MEMORY_LIMITS.slotsPerChannel.limit)
  return isChannel && !isUneven(full) ? silent.slots.map(({ name }) => name) : []
}

/** Of groups with the same slots, one lacks a few modules that another has. */
function silentPositions(groups: readonly Group[], keyOf: (place: MemoryPlace) => string): readonly string[] {
  const keys = (slots: readonly PlacedSlot[]) => slots.map(({ place }) => keyOf(place))
  const filledKeys = ({ slots }: Group) => new Set(keys(slots.filter(({ sizeBytes }) => sizeBytes > 0)))
  const fullest = groups.toSorted((a, b) => filledKeys(b).size - filledKeys(a).size)[0]
  if (fullest === undefined) return []
  const wanted = filledKeys(fullest)
  const layout = keys(fullest.slots).toSorted().join()
  return groups.flatMap((group) => {
    const filled = filledKeys(group)
    const isAlike = keys(group.slots).toSorted().join() === layout
    if (!isAlike || filled.size === 0 || ![...filled].every((key) => wanted.has(key))) return []
    const missing = group.slots.filter(({ place, sizeBytes }) => wanted.has(keyOf(place)) && sizeBytes === 0)
    return missing.length / wanted.size <= MEMORY_LIMITS.silentShareRatio.limit
      ? missing.map(({ name }) => name)
      : []
  })
}

const silentDraft = (names: readonly string[]): FindingDraft => {
  const list = listText(names, 12)
  return {
    ...INVENTORY,
    rule: 'memory.slots_silent',
    severity: 'warning',
    title: text(
      `插槽 ${list.zh} 没有内存条,而对应位置都已装满:可能是失效的内存条,而非空插槽`,
      `No module is seen in ${list.en} while the slots that match are full: they may be failed modules rather than free slots`,
    ),
    cause: text(
      '自检失败的内存条或整条通道会从固件列表中消失,看起来像空插槽。',
      'Modules or a whole channel that failed the power-on test vanish from the firmware’s list and look like free slots.',
    ),
    nextStep: text(
      '先查看 BMC 事件日志、重插或对调这些内存条,再考虑采购。',
      'See the BMC’s event log and reseat or swap these modules before buying any.',
    ),
  }
}

const sizesText = (groups: readonly Group[]) =>
  listText(
    groups.map(({ name, sizeBytes }) => `${name} ${bytesText(sizeBytes)}`),
    12,
  )

const UNEVEN = {
  ...INVENTORY,
  severity: 'warning',
  cause: text(
    '容量不均的部分无法交错访问,带宽下降。',
    'The uneven part is not interleaved and has less bandwidth.',
  ),
  nextStep: text(
    '按主板手册的插槽顺序重新均分。',
    'Spread the modules evenly in the order of the board’s manual.',
  ),
} as const

function unbalancedChannels(groups: readonly Group[]): FindingDraft {
  const list = sizesText(groups)
  return {
    ...UNEVEN,
    rule: 'memory.channels_unbalanced',
    title: text(
      `各组(通道或 CPU)的内存容量不均:${list.zh}`,
      `Groups (channels or CPUs) hold unequal memory: ${list.en}`,
    ),
  }
}

function unbalancedSockets(groups: readonly Group[]): FindingDraft {
  const list = sizesText(groups)
  return {
    ...UNEVEN,
    rule: 'memory.sockets_unbalanced',
    title: text(`各 CPU 的内存容量不均:${list.zh}`, `CPUs hold unequal memory: ${list.en}`),
    cause: text(
      '内存少的 CPU 上的任务要跨 CPU 访问内存,更慢。',
      'Tasks on the CPU with less memory reach across to the other, which is slower.',
    ),
  }
}
