import type { Finding, Severity, Subject } from '../../domain/finding.ts'
import type { Server } from '../../domain/server.ts'
import type { Text } from '../../domain/text.ts'
import { READ_AT } from './healthy-vm.ts'

interface FindingDraft {
  readonly rule: string
  readonly severity: Severity
  readonly kind: Subject['kind']
  readonly component: string | null
  readonly title: Text
  readonly cause?: Text
  readonly nextStep?: Text
  readonly evidenceIds?: readonly string[]
}

/** Returns a finding on a server of the fixtures. */
export const finding = (on: Server, draft: FindingDraft): Finding => ({
  id: `${draft.rule}:${on.ip}:${draft.component ?? ''}`,
  rule: draft.rule,
  severity: draft.severity,
  subject: { serverId: on.id, serverIp: on.ip, kind: draft.kind, component: draft.component },
  since: READ_AT,
  title: draft.title,
  cause: draft.cause ?? null,
  nextStep: draft.nextStep ?? null,
  evidenceIds: draft.evidenceIds ?? [],
})
