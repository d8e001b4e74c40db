import type { FleetAssessment, ServerAssessment } from '../../domain/assessment.ts'
import type { Server } from '../../domain/server.ts'
import type { Language } from '../../domain/text.ts'
import { text } from '../../domain/text.ts'
import { buildDiskDocument } from '../documents/disk-document.ts'
import { buildMemoryDocument } from '../documents/memory-document.ts'
import { buildSummaryDocument, type SummaryDocument } from '../documents/summary-document.ts'
import { buildSystemDocument } from '../documents/system-document.ts'
import type { ReportContext } from '../report-context.ts'
import { FIXTURE_THRESHOLDS } from './fixture-thresholds.ts'
import { READ_AT } from './healthy-vm.ts'
import { finding } from './make-finding.ts'
import { sickServer } from './sick-server.ts'

/** Returns the context of every fixture: Shanghai, a fixed instant. */
export const fixtureContext = (language: Language): ReportContext => ({
  language,
  timeZone: 'Asia/Shanghai',
  now: new Date('2026-11-02T01:05:00Z'),
})

const lostServer: Server = { ...sickServer.server, id: '2000000000000000003', ip: '10.0.0.13', name: 'db-03' }

/** A server that was not reached. */
export const unreachableServer: ServerAssessment = {
  server: lostServer,
  inspection: {
    serverId: lostServer.id,
    serverIp: lostServer.ip,
    startedAt: READ_AT,
    finishedAt: READ_AT,
    unreachable: { reason: 'connect_failed', message: 'connect ETIMEDOUT 10.0.0.13:22' },
    facts: {},
    sections: [],
    evidence: [],
  },
  thresholds: FIXTURE_THRESHOLDS,
  driveOutlooks: [],
  memoryAreas: [],
  changes: null,
  findings: [
    finding(lostServer, {
      rule: 'server.unreachable',
      severity: 'urgent',
      kind: 'server',
      component: null,
      title: text('无法访问:connect ETIMEDOUT', 'Unreachable: connect ETIMEDOUT'),
      nextStep: text('确认机器已开机、网络可达。', 'See that it is on and its network reachable.'),
    }),
  ],
}

/** A fleet without servers. */
export const emptyFleet: FleetAssessment = {
  at: READ_AT,
  thresholds: FIXTURE_THRESHOLDS,
  maxAgeMs: 300_000,
  totalCount: 0,
  healthyCount: 0,
  abnormal: [],
  recovered: [],
  stale: [],
  inMaintenance: [],
  findings: [],
}

/** A fleet of one server that is below every threshold. */
export const healthyFleet: FleetAssessment = { ...emptyFleet, totalCount: 1, healthyCount: 1 }

const listed = ({ server }: ServerAssessment) => ({
  serverId: server.id,
  bkCloudId: server.bkCloudId,
  ip: server.ip,
  name: server.name,
  group: server.group,
})

/** A fleet of five: one far above its thresholds, one silent, three healthy, one of which recovered lately. */
export const sickFleet: FleetAssessment = {
  ...emptyFleet,
  totalCount: 5,
  healthyCount: 3,
  abnormal: [
    {
      server: listed(sickServer),
      collectedAt: READ_AT,
      cpuPercent: 44.2,
      memoryPercent: 92.86,
      diskPercent: 97,
      exceedances: [
        {
          metric: 'memory',
          percent: 92.86,
          thresholdPercent: 70,
          thresholdSource: 'configuration',
          mount: null,
          status: 'critical',
          sinceAt: new Date('2026-11-01T20:00:00Z'),
          sinceIsEarliestSeen: false,
          peakPercent: 94.1,
          peakAt: new Date('2026-11-02T00:10:00Z'),
          trend: 'rising',
          percentPerHour: 1.234,
        },
        {
          metric: 'disk',
          percent: 97,
          thresholdPercent: 80,
          thresholdSource: 'configuration',
          mount: null,
          status: 'critical',
          sinceAt: new Date('2026-10-30T20:00:00Z'),
          sinceIsEarliestSeen: true,
          peakPercent: 97,
          peakAt: READ_AT,
          trend: 'unknown',
          percentPerHour: null,
        },
      ],
      maintenance: null,
    },
  ],
  recovered: [
    {
      server: { serverId: null, bkCloudId: 0, ip: '10.0.0.14', name: null, group: null },
      metric: 'memory',
      nowPercent: 55.5,
      peakPercent: 81,
      lastExceededAt: new Date('2026-11-01T22:00:00Z'),
    },
  ],
  stale: [
    {
      server: listed(unreachableServer),
      lastCollectedAt: new Date('2026-11-01T16:30:00Z'),
      reason: 'too_old',
      maintenance: null,
    },
  ],
}

/** What a week of samples says of the sick server. */
const SICK_GROWTH = new Map([
  [
    sickServer.server.id,
    {
      percentPerDay: 1.3,
      daysUntilFull: 2.3,
      sinceAt: new Date('2026-10-26T01:00:00Z'),
      sampleCount: 10_080,
    },
  ],
])

interface SummaryFixture {
  readonly fleet: FleetAssessment
  readonly assessments: readonly ServerAssessment[]
  readonly language: Language
}

/** Returns the summary of a fleet, built from its documents as the product does. */
export function summaryOf({ fleet, assessments, language }: SummaryFixture): SummaryDocument {
  const context = fixtureContext(language)
  return buildSummaryDocument({
    system: buildSystemDocument({ assessment: fleet, environment: assessments, context }),
    memory: buildMemoryDocument({ assessments, requestedIps: null, context }),
    disk: buildDiskDocument({ assessments, growth: SICK_GROWTH, requestedIps: null, context }),
    assessments,
    runId: '3000000000000000001',
    context,
  })
}
