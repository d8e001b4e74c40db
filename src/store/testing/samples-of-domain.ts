import type { Actor } from '../../domain/actor.ts'
import type { ServerInspection } from '../../domain/inspection.ts'
import type { MetricSample } from '../../domain/metrics.ts'
import type { Server } from '../../domain/server.ts'

export const ACTOR: Actor = { kind: 'local_administrator', name: 'root', surface: 'cli' }

export const buildServer = (ip: string, overrides: Partial<Omit<Server, 'id'>> = {}): Omit<Server, 'id'> => ({
  bkCloudId: 0,
  ip,
  name: `主机 ${ip} 🖥`,
  transport: 'local',
  group: null,
  enabled: true,
  registeredAt: new Date('2026-03-01T00:00:00.123Z'),
  ...overrides,
})

export const buildSample = (
  ip: string,
  at: string,
  overrides: Partial<Omit<MetricSample, 'id'>> = {},
): Omit<MetricSample, 'id'> => ({
  bkCloudId: 0,
  ip,
  collectedAt: new Date(at),
  cpuPercent: 12.5,
  memoryPercent: 40,
  diskPercent: 61.25,
  cpuStatus: 'normal',
  memoryStatus: 'normal',
  diskStatus: 'normal',
  networkStatus: null,
  insertedAt: new Date(at),
  ...overrides,
})

export const buildInspection = (
  serverId: string,
  finishedAt: string,
  overrides: Partial<ServerInspection> = {},
): ServerInspection => ({
  serverId,
  serverIp: '192.0.2.1',
  startedAt: new Date(Date.parse(finishedAt) - 1500),
  finishedAt: new Date(finishedAt),
  unreachable: null,
  facts: {},
  sections: [{ id: 'memory.meminfo', status: 'ok', command: 'cat /proc/meminfo', remedy: null }],
  evidence: [],
  ...overrides,
})

const absent = { status: 'unsupported', command: 'cat', exitCode: 127, stderr: '' } as const

/** Sensor facts with one reading. */
export const sensorFacts = (celsius: number): NonNullable<ServerInspection['facts']['sensors']> => ({
  hwmon: {
    status: 'ok',
    value: [
      {
        source: 'hwmon',
        chip: 'coretemp',
        label: 'Package id 0',
        kind: 'temperature',
        reading: celsius,
        unit: 'celsius',
        warnAbove: 80,
        criticalAbove: 100,
        plausible: true,
      },
    ],
  },
  thermalZones: absent,
  ipmi: absent,
})

/** A metrics section that was refused. */
export const refusedMetrics: NonNullable<ServerInspection['facts']['metrics']> = {
  status: 'denied',
  command: 'cat /proc/stat',
  exitCode: 1,
  stderr: 'Permission denied',
}
