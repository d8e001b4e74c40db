import {
  CHANGE_AREAS,
  CHANGE_KINDS,
  type EarlierLook,
  type InspectionChange,
  type InspectionDiff,
  type UncomparedPart,
} from '../../domain/changes.ts'
import type { Finding } from '../../domain/finding.ts'
import { PROBE_NAMES, type ProbeName, type ServerInspection } from '../../domain/inspection.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { type Text, text } from '../../domain/text.ts'
import { driveChanges } from './drive-changes.ts'
import { type FindingChange, findingChanges } from './finding-changes.ts'
import { moduleChanges } from './module-changes.ts'
import { type ChangeDraft, compareObserved } from './observed.ts'
import { DEVICE_PARTS } from './observed-devices.ts'
import { COMPARABLE_PARTS } from './observed-parts.ts'
import { rebootBetween, rebootText } from './reboot.ts'

interface DiffInput {
  readonly earlier: EarlierLook
  readonly inspection: ServerInspection
  /** What the same rules and limits find in either. */
  readonly earlierFindings: readonly Finding[]
  readonly findings: readonly Finding[]
}

interface Compared {
  readonly changes: readonly InspectionChange[]
  readonly notCompared: readonly UncomparedPart[]
}

/**
 * Returns what is not as it was at the last look: parts, firmware, system, arrays and findings. What was not read at
 * both looks is named as not compared, never as gone. Null for a server that was not read now.
 */
export function diffInspections(input: DiffInput): InspectionDiff | null {
  const { earlier, inspection } = input
  if ([inspection.facts, earlier.readAt].some((known) => Object.keys(known).length === 0)) return null
  const parts = [...comparedParts(input), comparedDrives(input), comparedModules(input)]
  const changes = [
    ...parts.flatMap((part) => part.changes),
    ...reboot(input),
    ...findingChanges(
      { inspection: earlier.inspection, findings: input.earlierFindings },
      { inspection, findings: input.findings },
    ).map((change) => healthChange(input, change)),
  ]
  return {
    readAt: earlier.readAt,
    changes: changes.toSorted(
      (a, b) =>
        CHANGE_AREAS.indexOf(a.area) - CHANGE_AREAS.indexOf(b.area) ||
        CHANGE_KINDS.indexOf(a.kind) - CHANGE_KINDS.indexOf(b.kind),
    ),
    notCompared: [
      ...new Map(parts.flatMap((part) => part.notCompared).map((part) => [part.sectionId, part])).values(),
    ],
  }
}

function toChange(input: DiffInput, probe: ProbeName, draft: ChangeDraft): InspectionChange {
  const { id, area, kind, title, from, to, sectionId } = draft
  const known = input.inspection.evidence.some((evidence) => evidence.id === sectionId)
  const evidenceIds = known ? [sectionId] : []
  return { id, area, kind, title, from, to, probe, sinceAt: lookedAt(input, probe), evidenceIds }
}

const lookedAt = ({ earlier }: DiffInput, probe: ProbeName): Date =>
  earlier.readAt[probe] ?? earlier.inspection.finishedAt

/** A part whose probe was not asked for at one of the looks is not worth a word; one that could not be read is. */
function comparedParts(input: DiffInput): readonly Compared[] {
  const { earlier, inspection } = input
  return [...COMPARABLE_PARTS, ...DEVICE_PARTS].map((part) => {
    const before = earlier.inspection.facts
    if (before[part.probe] === undefined || inspection.facts[part.probe] === undefined) return NOTHING
    const [was, is] = [part.observe(before), part.observe(inspection.facts)]
    if (was === null || is === null) return uncompared(part, was === null, is === null)
    const drafts = compareObserved(part, was, is)
    return { changes: drafts.map((draft) => toChange(input, part.probe, draft)), notCompared: [] }
  })
}

const NOTHING: Compared = { changes: [], notCompared: [] }

/** Unread at both looks, as a server without such hardware is, says nothing new. */
const uncompared = (
  { area, sectionId }: Pick<UncomparedPart, 'area' | 'sectionId'>,
  unreadBefore: boolean,
  unreadNow: boolean,
): Compared =>
  unreadBefore && unreadNow
    ? NOTHING
    : { changes: [], notCompared: [{ area, sectionId, unread: unreadNow ? 'now' : 'before' }] }

function comparedModules(input: DiffInput): Compared {
  const was = input.earlier.inspection.facts.memory
  const is = input.inspection.facts.memory
  if (was === undefined || is === undefined) return NOTHING
  const [before, after] = [outcomeValue(was.inventory), outcomeValue(is.inventory)]
  if (before === null || after === null)
    return uncompared({ area: 'memory', sectionId: 'memory.inventory' }, before === null, after === null)
  const drafts = moduleChanges(before, after)
  return { changes: drafts.map((draft) => toChange(input, 'memory', draft)), notCompared: [] }
}

function comparedDrives(input: DiffInput): Compared {
  const was = input.earlier.inspection.facts.disk
  const is = input.inspection.facts.disk
  if (was === undefined || is === undefined) return NOTHING
  const changes = driveChanges(was, is).map((draft) => toChange(input, 'disk', draft))
  const [before, after] = [outcomeValue(was.smart), outcomeValue(is.smart)]
  const { notCompared } =
    before === null || after === null
      ? uncompared({ area: 'drive', sectionId: 'disk.smart' }, before === null, after === null)
      : NOTHING
  return { changes, notCompared }
}

function reboot(input: DiffInput): readonly InspectionChange[] {
  const found = rebootBetween(input.earlier, input.inspection)
  if (found === null) return []
  const draft = {
    id: 'system:system.uptime:boot:rebooted',
    area: 'system',
    sectionId: 'system.uptime',
    kind: 'changed',
    title: rebootText(found),
    from: null,
    to: null,
  } as const
  return [toChange(input, 'system', draft)]
}

const HEALTH_WORDS: Readonly<Record<FindingChange['kind'], Text>> = {
  appeared: text('新出现', 'New'),
  worsened: text('加重', 'Worse'),
  eased: text('减轻', 'Milder'),
  resolved: text('已消除', 'Resolved'),
}

function healthChange(input: DiffInput, { finding, kind, from, to }: FindingChange): InspectionChange {
  const word = HEALTH_WORDS[kind]
  const probe = probeOf(finding)
  return {
    id: `health:${finding.id}:${kind}`,
    area: 'health',
    kind,
    title: text(`${word.zh}:${finding.title.zh}`, `${word.en}: ${finding.title.en}`),
    from,
    to,
    probe,
    sinceAt: probe === null ? input.earlier.inspection.finishedAt : lookedAt(input, probe),
    evidenceIds: input.inspection.evidence
      .map(({ id }) => id)
      .filter((id) => finding.evidenceIds.includes(id)),
  }
}

/** Returns the probe whose facts a finding rests on, told by its evidence. */
function probeOf({ evidenceIds }: Finding): ProbeName | null {
  const [prefix] = (evidenceIds[0] ?? '').split('.')
  return PROBE_NAMES.find((probe) => probe === prefix) ?? null
}
