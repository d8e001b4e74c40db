import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { readKnownFailures } from '../../config/knowledge-failures.ts'
import type { FactsByProbe } from '../../domain/inspection.ts'
import { assessServer } from '../server/assess-server.ts'
import { absent, buildInput, buildMemory, NOW, ok } from '../testing/build-facts.ts'
import { assessKernelLog } from './assess-kernel-log.ts'

const CATALOGUE = readKnownFailures([join(import.meta.dirname, '..', '..', '..', 'knowledge', 'failures')])
const DAY_SECONDS = 86_400
/** The log began 100 days before now. */
const BOOT = new Date(NOW.getTime() - 100 * DAY_SECONDS * 1_000)
const EVIDENCE = {
  id: 'kernel.log',
  server: '10.0.0.1',
  command: 'dmesg',
  at: NOW,
  excerpt: '',
  rawSha256: '',
}

/** `[seconds since boot] message` of so many days ago. */
const daysAgo = (days: number, message: string): string =>
  `[${((100 - days) * DAY_SECONDS).toFixed(6)}] ${message}`

const inputOf = (
  lines: readonly string[],
  facts: Partial<FactsByProbe> = {},
  bootAt: Date | null = BOOT,
) => ({
  ...buildInput(
    { kernel: { log: ok({ lines, bootAt, logSince: bootAt }) }, ...facts },
    { evidence: [EVIDENCE] },
  ),
  knownFailures: CATALOGUE,
})

const UNC = 'sd 4:0:0:0: [sde] tag#18 Sense Key : Medium Error [current]'
const IO = 'blk_update_request: I/O error, dev sde, sector 7720128'
const KILL =
  'Out of memory: Killed process 5120 (java) total-vm:20480000kB, anon-rss:16000000kB, file-rss:0kB'
const CORRECTED = 'EDAC MC0: 1 CE memory read error on DIMM_B1 (channel:1 slot:0 page:0x77)'

describe('assessKernelLog', () => {
  it('makes one finding of an incident, with what, how often, when, why, what next and evidence', () => {
    const [finding, ...others] = assessKernelLog(inputOf([daysAgo(2, UNC), daysAgo(1, UNC), daysAgo(1, IO)]))
    assert.deepEqual(others, [])
    assert.equal(finding?.id, 'kernel.scsi_medium_error:10.0.0.1:sde')
    assert.deepEqual([finding?.severity, finding?.subject.kind], ['critical', 'drive'])
    assert.equal(
      finding?.title.en,
      'A drive reports a medium error: sde (2 lines in the kernel log, last 24 h ago)',
    )
    assert.equal(finding?.title.zh, '硬盘介质错误(Medium Error): sde(内核日志 2 条,最近在 24 小时前)')
    assert.match(finding?.cause?.en ?? '', /I\/O error, dev sde, sector 7720128$/)
    assert.deepEqual(finding?.evidenceIds, ['kernel.log'])
    assert.equal(finding?.since.getTime(), NOW.getTime() - 2 * DAY_SECONDS * 1_000)
    assert.ok((finding?.nextStep?.zh ?? '') !== '')
  })

  it('presses less when the last line is long ago', () => {
    const severityAfter = (days: number) => assessKernelLog(inputOf([daysAgo(days, UNC)]))[0]?.severity
    assert.deepEqual([6.9, 7.1, 29.9, 30.1].map(severityAfter), ['critical', 'urgent', 'urgent', 'info'])
  })

  it('judges a log without times as of now', () => {
    const [finding] = assessKernelLog(inputOf([UNC], {}, null))
    assert.deepEqual([finding?.severity, finding?.since], ['critical', NOW])
    assert.equal(finding?.title.en, 'A drive reports a medium error: sde (1 line in the kernel log)')
  })

  it('leaves to the memory probe what its counters tell more exactly', () => {
    const rules = (facts: Partial<FactsByProbe>) =>
      assessKernelLog(inputOf([daysAgo(1, KILL), daysAgo(1, CORRECTED)], facts)).map(({ rule }) => rule)
    assert.deepEqual(rules({}), ['kernel.oom_kill', 'kernel.edac_corrected'])
    const edac = {
      controller: 'mc0',
      label: 'DIMM_B1',
      correctedCount: 1,
      uncorrectedCount: 0,
      sizeBytes: null,
      memoryType: null,
      errorCorrection: null,
    }
    const memory = buildMemory({
      edac: ok({ dimms: [edac] }),
      oomKills: ok({ kills: [], logSince: BOOT }),
    })
    assert.deepEqual(rules({ memory }), [])
    assert.deepEqual(rules({ memory: buildMemory() }), ['kernel.oom_kill', 'kernel.edac_corrected'])
  })

  it('leaves the errors of graphics cards to the probe that reads them', () => {
    const xid = daysAgo(1, 'NVRM: Xid (PCI:0000:b1:00): 79, pid=7, GPU has fallen off the bus.')
    const gpu = { pci: absent(), nvidia: absent(), xid: ok({ events: [], logSince: null }), npu: absent() }
    assert.deepEqual(
      assessKernelLog(inputOf([xid])).map(({ rule }) => rule),
      ['kernel.gpu_xid'],
    )
    assert.deepEqual(assessKernelLog(inputOf([xid], { gpu })), [])
  })

  it('cuts long lines, and passes text of the log on as it is', () => {
    const process = `<b>$(x)${'y'.repeat(50)}`
    const [finding] = assessKernelLog(
      inputOf([daysAgo(1, `${process}: page allocation failure: order:4, ${'z'.repeat(300)}`)]),
    )
    assert.match(finding?.cause?.en ?? '', /<b>\$\(x\)y{50}.*…$/)
    assert.ok((finding?.cause?.en ?? '').length < 300)
  })

  it('says nothing of a log that was not read, is well, or without the catalogue', () => {
    assert.deepEqual(assessKernelLog(inputOf([])), [])
    assert.deepEqual(assessKernelLog({ ...inputOf([]), ...buildInput({}) }), [])
    assert.deepEqual(
      assessKernelLog({ ...buildInput({ kernel: { log: absent('denied') } }), knownFailures: CATALOGUE }),
      [],
    )
    const { knownFailures, ...without } = inputOf([daysAgo(1, UNC)])
    assert.ok(knownFailures.length > 0)
    assert.deepEqual(assessKernelLog(without), [])
  })

  it('stands among the findings of the server', () => {
    const { findings } = assessServer(inputOf([daysAgo(1, UNC)]))
    assert.ok(findings.some(({ rule }) => rule === 'kernel.scsi_medium_error'))
  })
})
