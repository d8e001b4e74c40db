import type { ProbeName, ServerInspection } from '../../domain/inspection.ts'
import { PROBE_NAMES } from '../../domain/inspection.ts'
import type { Server } from '../../domain/server.ts'
import type { InspectServerOptions } from '../collector.ts'
import { inspectServer } from '../collector.ts'
import { createLocalTransport } from '../transport/local.ts'
import type { Transport } from '../transport/transport.ts'

/** When every inspection of a test happens. */
const INSPECTION_TIME = new Date('2026-01-02T03:04:05.000Z')

/** The machine that runs the tests. */
const TEST_SERVER: Server = {
  id: '1',
  bkCloudId: 0,
  ip: '127.0.0.1',
  name: 'here',
  transport: 'local',
  group: null,
  enabled: true,
  registeredAt: INSPECTION_TIME,
}

/** Inspects through the transport given, by default this machine. */
export const inspectHere = (
  transport: Transport = createLocalTransport(),
  probes: readonly ProbeName[] = PROBE_NAMES,
  more: Pick<InspectServerOptions, 'leaveOut' | 'sudoRefusals' | 'onSudoRefused'> = {},
): Promise<ServerInspection> =>
  inspectServer({
    transport,
    server: TEST_SERVER,
    probes,
    clock: { now: () => INSPECTION_TIME },
    signal: new AbortController().signal,
    deadlineMs: 120_000,
    maxBytes: 8_000_000,
    ...more,
  })
