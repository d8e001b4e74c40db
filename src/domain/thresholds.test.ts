import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { diskLimitAt, lowestDiskPercent, type ThresholdPolicy, thresholdsFor } from './thresholds.ts'

const POLICY: ThresholdPolicy = {
  cpuPercent: 70,
  memoryPercent: 70,
  diskPercent: 80,
  networkPercent: 95,
  groups: new Map([['db', { memoryPercent: 90, diskPercent: 85 }]]),
  mounts: new Map([
    ['/data', 95],
    ['/boot', 60],
  ]),
}

describe('thresholdsFor', () => {
  it('gives the configured limits to a server without others, and to one of a group that has none', () => {
    for (const group of [null, 'web'])
      assert.deepEqual(thresholdsFor({ group, thresholds: null }, { ...POLICY, mounts: new Map() }), {
        cpuPercent: 70,
        memoryPercent: 70,
        diskPercent: 80,
        networkPercent: 95,
        sources: {
          cpuPercent: 'configuration',
          memoryPercent: 'configuration',
          diskPercent: 'configuration',
          networkPercent: 'configuration',
        },
        mounts: new Map(),
      })
  })

  it('takes the narrower limit, share by share: call, server, group, configuration', () => {
    const own = { group: 'db', thresholds: { cpuPercent: 50, memoryPercent: 99 } }
    const { cpuPercent, memoryPercent, diskPercent, networkPercent, sources } = thresholdsFor(own, POLICY, {
      cpuPercent: 10,
    })
    assert.deepEqual([cpuPercent, memoryPercent, diskPercent, networkPercent], [10, 99, 85, 95])
    assert.deepEqual(sources, {
      cpuPercent: 'call',
      memoryPercent: 'server',
      diskPercent: 'group',
      networkPercent: 'configuration',
    })
  })

  it('takes a limit of 0 of the server for a limit', () => {
    const { memoryPercent, sources } = thresholdsFor(
      { group: 'db', thresholds: { memoryPercent: 0 } },
      POLICY,
    )
    assert.deepEqual([memoryPercent, sources.memoryPercent], [0, 'server'])
  })

  it('takes a mount point’s limit before the disk limit of the server, the server’s own mount point first', () => {
    const limits = thresholdsFor(
      { group: 'db', thresholds: { diskPercent: 50, mounts: { '/data': 97 } } },
      POLICY,
    )
    assert.deepEqual(diskLimitAt(limits, '/data'), { percent: 97, source: 'mount' })
    assert.deepEqual(diskLimitAt(limits, '/boot'), { percent: 60, source: 'mount' })
    assert.deepEqual(diskLimitAt(limits, '/'), { percent: 50, source: 'server' })
    assert.deepEqual(diskLimitAt(limits, null), { percent: 50, source: 'server' })
    assert.equal(lowestDiskPercent(limits), 50)
    assert.equal(lowestDiskPercent(thresholdsFor({ group: null, thresholds: null }, POLICY)), 60)
  })

  it('judges every mount point by the disk limit that a call asks for', () => {
    const limits = thresholdsFor({ group: null, thresholds: { mounts: { '/data': 97 } } }, POLICY, {
      diskPercent: 40,
    })
    assert.deepEqual(diskLimitAt(limits, '/data'), { percent: 40, source: 'call' })
    assert.equal(lowestDiskPercent(limits), 40)
  })
})
