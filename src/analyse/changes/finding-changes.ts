import type { ChangeKind } from '../../domain/changes.ts'
import { type Finding, SEVERITIES } from '../../domain/finding.ts'
import type { ServerInspection } from '../../domain/inspection.ts'
import { type Text, text } from '../../domain/text.ts'

/** Rules that speak of the reading or of the time between two looks, not of the server's health. */
const isAboutLooking = ({ rule }: Finding): boolean => rule.startsWith('data.') || rule === 'server.rebooted'

/** A change of what was found, before it has its time. */
export interface FindingChange {
  readonly finding: Finding
  readonly kind: Extract<ChangeKind, 'appeared' | 'worsened' | 'eased' | 'resolved'>
  readonly from: Text | null
  readonly to: Text | null
}

const SEVERITY_WORDS: Readonly<Record<Finding['severity'], Text>> = {
  info: text('提示', 'info'),
  warning: text('警告', 'warning'),
  urgent: text('紧急', 'urgent'),
  critical: text('严重', 'critical'),
}

const rank = (finding: Finding): number => SEVERITIES.indexOf(finding.severity)

/** Drives of one look: a device gets another name at a boot, so a finding on a drive goes with its serial number. */
interface KnownDrives {
  readonly serialOf: ReadonlyMap<string, string>
  /** Serial numbers, and devices without one, of drives that did not answer. */
  readonly silent: ReadonlySet<string>
  readonly someSilentNameless: boolean
}

function drivesOf(look: ServerInspection): KnownDrives {
  const smart = look.facts.disk?.smart
  const drives = smart === undefined || smart.status !== 'ok' ? [] : smart.value
  const named = drives.map(({ device, serialNumber, details }) => ({
    device: device.replace(/^\/dev\//, ''),
    serialNumber,
    isSilent: details !== undefined && details.access !== 'answered',
  }))
  return {
    serialOf: new Map(
      named.flatMap(({ device, serialNumber }) => (serialNumber === null ? [] : [[device, serialNumber]])),
    ),
    silent: new Set(
      named.filter(({ isSilent }) => isSilent).map(({ device, serialNumber }) => serialNumber ?? device),
    ),
    someSilentNameless: named.some(({ isSilent, serialNumber }) => isSilent && serialNumber === null),
  }
}

/** A look with the findings on it. */
interface JudgedLook {
  readonly inspection: ServerInspection
  readonly findings: readonly Finding[]
}

/** What a finding is about, the same at both looks: the drive where it is one, else the subject. */
interface KnownFinding {
  readonly finding: Finding
  readonly identity: string
  /** Serial number or device of the drive; null when it is about no drive. */
  readonly drive: string | null
}

function knownFindings({ inspection, findings }: JudgedLook): ReadonlyMap<string, KnownFinding> {
  const { serialOf } = drivesOf(inspection)
  const known = findings
    .filter((finding) => !isAboutLooking(finding))
    .map((finding) => {
      const { kind, component } = finding.subject
      const serial = kind === 'drive' ? serialOf.get(component ?? '') : undefined
      const identity = serial === undefined ? finding.id : `${finding.rule} ${serial}`
      return { finding, identity, drive: kind === 'drive' ? (serial ?? component) : null }
    })
  return new Map(known.map((one) => [one.identity, one]))
}

/**
 * Returns true when the look read everything that the finding rests on, so that its not being there means something.
 * A drive that did not answer is not a drive that is well.
 */
function wasReadBy(look: ServerInspection, { finding, drive }: KnownFinding): boolean {
  const statuses = new Map(look.sections.map(({ id, status }) => [id, status]))
  const isRead = finding.evidenceIds.every((id) => statuses.get(id) === 'ok')
  if (!isRead || finding.evidenceIds.length === 0) return false
  if (drive === null) return true
  const { serialOf, silent, someSilentNameless } = drivesOf(look)
  if (silent.has(drive)) return false
  return !someSilentNameless || [...serialOf.values()].includes(drive)
}

/**
 * Returns which findings appeared, got worse, got milder or were resolved. One that a look could not have made, because
 * it did not read what the finding rests on, neither appeared nor was resolved.
 */
export function findingChanges(previous: JudgedLook, current: JudgedLook): readonly FindingChange[] {
  const before = knownFindings(previous)
  const after = knownFindings(current)
  const changes: FindingChange[] = []
  for (const [identity, known] of after) {
    const { finding } = known
    const earlier = before.get(identity)?.finding
    if (earlier === undefined) {
      if (wasReadBy(previous.inspection, known))
        changes.push({ finding, kind: 'appeared', from: null, to: null })
    } else if (earlier.severity !== finding.severity) {
      const kind = rank(finding) > rank(earlier) ? 'worsened' : 'eased'
      const words = { from: SEVERITY_WORDS[earlier.severity], to: SEVERITY_WORDS[finding.severity] }
      changes.push({ finding, kind, ...words })
    }
  }
  for (const [identity, known] of before)
    if (!after.has(identity) && wasReadBy(current.inspection, known))
      changes.push({ finding: known.finding, kind: 'resolved', from: null, to: null })
  return changes.toSorted((a, b) => rank(b.finding) - rank(a.finding))
}
