import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type OwnThresholds, thresholdsFor } from '../../domain/thresholds.ts'
import {
  buildDisk,
  buildFilesystem,
  buildInput,
  buildMeminfo,
  buildMemory,
  GIB,
  LIMITS,
  ok,
} from '../testing/build-facts.ts'
import { assessServer } from './assess-server.ts'

const filesystems = [
  buildFilesystem({ source: '/dev/sda1', mount: '/', usedPercent: 85 }),
  buildFilesystem({ source: '/dev/sdb1', mount: '/data', usedPercent: 93, inodesUsedPercent: 93 }),
]

function titles(thresholds: OwnThresholds | null): readonly string[] {
  const input = buildInput({
    memory: buildMemory({ meminfo: ok(buildMeminfo({ totalBytes: 100 * GIB, availableBytes: 20 * GIB })) }),
    disk: buildDisk({ filesystems: ok(filesystems) }),
  })
  const { findings } = assessServer({
    ...input,
    thresholds: thresholdsFor({ group: null, thresholds }, LIMITS),
  })
  return findings
    .filter(({ rule }) => /_high$/.test(rule))
    .map(({ rule, subject, title }) => `${rule} ${subject.component ?? '-'}: ${title.en}`)
    .sort()
}

describe('assessServer by limits of the server', () => {
  it('judges memory and each filesystem by the limit in force, and names whose it is', () => {
    const said = titles({ memoryPercent: 75, mounts: { '/data': 95 } })
    assert.equal(said.length, 2)
    assert.match(said[0] ?? '', /^disk\.space_high \/: .*\(threshold 80%\)$/)
    assert.match(said[1] ?? '', /^memory\.usage_high -: .*above the threshold of 75% \(this server\)/)
  })

  it('finds nothing at the limits', () => {
    assert.deepEqual(titles({ memoryPercent: 80, diskPercent: 85, mounts: { '/data': 93 } }), [])
  })

  it('judges space and inodes of a mount point by its limit', () => {
    const said = titles({ memoryPercent: 80, diskPercent: 85, mounts: { '/data': 92 } })
    assert.deepEqual(
      said.map((one) => one.split(':')[0]),
      ['disk.inodes_high /data', 'disk.space_high /data'],
    )
    assert.match(said[1] ?? '', /threshold 92% \(this mount point\)/)
  })
})
