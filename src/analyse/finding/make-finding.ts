import type { Finding, Severity, Subject } from '../../domain/finding.ts'
import type { ServerInspection } from '../../domain/inspection.ts'
import type { Text } from '../../domain/text.ts'

/** Whom a finding is about; a machine known only from its metrics has its key (`bkCloudId:ip`) as id. */
export interface FindingServer {
  readonly id: string
  readonly bkCloudId: number
  readonly ip: string
}

/** A finding before it has its id, its subject and its checked evidence. */
export interface FindingDraft {
  readonly rule: string
  readonly severity: Severity
  readonly kind: Subject['kind']
  readonly component: string | null
  readonly title: Text
  readonly cause?: Text | null
  readonly nextStep?: Text | null
  /** Ids of the evidence it rests on; those that the inspection does not hold are dropped. */
  readonly evidenceIds?: readonly string[]
}

interface FindingPlace {
  readonly server: FindingServer
  readonly now: Date
  /** When the problem began; the present instant when not given. */
  readonly since?: Date
  readonly inspection?: Pick<ServerInspection, 'evidence'>
}

/**
 * Returns the finding with its stable id `rule:ip:component`. In a cloud area other than 0 the address is written
 * `ip@area`, because the same address in two areas is two machines.
 */
export function makeFinding(place: FindingPlace, draft: FindingDraft): Finding {
  const { server, now, since, inspection } = place
  const address = server.bkCloudId === 0 ? server.ip : `${server.ip}@${server.bkCloudId}`
  const known = new Set(inspection?.evidence.map((evidence) => evidence.id) ?? [])
  return {
    id: `${draft.rule}:${address}:${draft.component ?? ''}`,
    rule: draft.rule,
    severity: draft.severity,
    subject: { serverId: server.id, serverIp: server.ip, kind: draft.kind, component: draft.component },
    since: since ?? now,
    title: draft.title,
    cause: draft.cause ?? null,
    nextStep: draft.nextStep ?? null,
    evidenceIds: (draft.evidenceIds ?? []).filter((id) => known.has(id)),
  }
}
