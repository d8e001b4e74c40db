import type { ChangeArea } from '../../domain/changes.ts'
import { type Text, text } from '../../domain/text.ts'

/** One property of a thing. Null means not read: nothing can be said of it. */
export interface ObservedFact {
  readonly id: string
  readonly label: Text
  readonly value: Text | null
  /** True where another value means that the thing stands elsewhere. */
  readonly isPlace?: boolean
}

/** A thing that may come, go, move or change. */
export interface Observed {
  /** Its identity: equal at both looks for the same thing. */
  readonly key: string
  readonly name: Text
  readonly facts: readonly ObservedFact[]
}

/** Where things were seen. */
export interface ObservedPart {
  readonly area: ChangeArea
  /** `probe.section`, also the id of the evidence. */
  readonly sectionId: string
}

/** A change before it has its time. */
export interface ChangeDraft extends ObservedPart {
  readonly id: string
  readonly kind: 'added' | 'removed' | 'moved' | 'changed'
  readonly title: Text
  readonly from: Text | null
  readonly to: Text | null
}

/** Returns foreign words or a number as a text, the same in both languages; null stays null. */
export const plain = (value: string | number | null): Text | null =>
  value === null ? null : text(String(value), String(value))

/** Returns a fact whose value is the same in both languages. */
export const fact = (id: string, label: Text, value: string | number | null): ObservedFact => ({
  id,
  label,
  value: plain(value),
})

/** Returns what came, went or changed between two readings of one part. A fact unread at one of them is no change. */
export function compareObserved(
  part: ObservedPart,
  previous: readonly Observed[],
  current: readonly Observed[],
): readonly ChangeDraft[] {
  const before = new Map(previous.map((thing) => [thing.key, thing]))
  const after = new Map(current.map((thing) => [thing.key, thing]))
  return [
    ...[...before.values()].filter(({ key }) => !after.has(key)).map((thing) => removed(part, thing)),
    ...[...after.values()].filter(({ key }) => !before.has(key)).map((thing) => added(part, thing)),
    ...[...after.values()].flatMap((thing) => {
      const earlier = before.get(thing.key)
      return earlier === undefined ? [] : changesOf(part, earlier, thing)
    }),
  ]
}

const idOf = ({ area, sectionId }: ObservedPart, key: string, what: string): string =>
  `${area}:${sectionId}:${key}:${what}`

const removed = (part: ObservedPart, { key, name }: Observed): ChangeDraft => ({
  ...part,
  id: idOf(part, key, 'present'),
  kind: 'removed',
  title: text(`${name.zh} 已不在`, `${name.en} is gone`),
  from: null,
  to: null,
})

const added = (part: ObservedPart, { key, name }: Observed): ChangeDraft => ({
  ...part,
  id: idOf(part, key, 'present'),
  kind: 'added',
  title: text(`新增 ${name.zh}`, `${name.en} is new`),
  from: null,
  to: null,
})

function changesOf(part: ObservedPart, earlier: Observed, thing: Observed): readonly ChangeDraft[] {
  return thing.facts.flatMap(({ id, label, value, isPlace = false }) => {
    const was = earlier.facts.find((one) => one.id === id)?.value ?? null
    if (was === null || value === null || was.en === value.en) return []
    const { zh, en } = thing.name
    const title = isPlace
      ? text(`${zh} 从 ${was.zh} 移到 ${value.zh}`, `${en} moved from ${was.en} to ${value.en}`)
      : text(`${zh} ${label.zh}:${was.zh} → ${value.zh}`, `${en} ${label.en}: ${was.en} → ${value.en}`)
    return [
      {
        ...part,
        id: idOf(part, thing.key, id),
        kind: isPlace ? ('moved' as const) : ('changed' as const),
        title,
        from: was,
        to: value,
      },
    ]
  })
}
