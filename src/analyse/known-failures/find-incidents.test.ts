import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { readKnownFailures } from '../../config/knowledge-failures.ts'
import type { FailureIncident } from '../../domain/known-failure.ts'
import { createIncidentFinder, findIncidents } from './find-incidents.ts'
import { createFailureMatcher } from './match-failure.ts'
import { readLogLine } from './read-log-line.ts'

const CATALOGUE = readKnownFailures([join(import.meta.dirname, '..', '..', '..', 'knowledge', 'failures')])
const BOOT = new Date('2026-03-01T00:00:00.000Z')

const find = (...lines: string[]): readonly FailureIncident[] => findIncidents(lines, CATALOGUE, BOOT)
const summary = (incidents: readonly FailureIncident[]) =>
  incidents.map(({ failure, subject, count }) => `${failure.id} ${subject ?? '-'} ×${count}`)
const ioError = (seconds: number, drive: string): string =>
  `[${seconds}.000000] blk_update_request: I/O error, dev ${drive}, sector 8 op 0x0:(READ) flags 0x0`

describe('the catalogue', () => {
  const match = createFailureMatcher(CATALOGUE)

  for (const { id, matches, others, ignoredUntilUptimeSeconds } of CATALOGUE)
    it(`knows ${id} by its lines and by no others`, () => {
      for (const line of matches) assert.equal(match(readLogLine(line, 1, null))?.failure.id, id, line)
      for (const line of others) assert.notEqual(match(readLogLine(line, 1, null))?.failure.id, id, line)
      assert.ok(ignoredUntilUptimeSeconds === null || ignoredUntilUptimeSeconds <= 300)
    })

  it('stays quick on lines made to be slow', () => {
    const hostile = CATALOGUE.flatMap(({ keywords }) =>
      keywords.flatMap((keyword) => [
        keyword.repeat(60),
        `${keyword}${' '.repeat(900)}`,
        `${'a'.repeat(500)}${keyword}${'9'.repeat(450)}`,
        `${'[sda] '.repeat(80)}${keyword}${'('.repeat(300)}`,
      ]),
    )
    for (const line of hostile) {
      const timeOnce = (): number => {
        const started = performance.now()
        match(readLogLine(line, 1, null))
        return performance.now() - started
      }
      const took = Math.min(timeOnce(), timeOnce(), timeOnce())
      assert.ok(took < 20, `took ${took.toFixed(1)} ms: ${line.slice(0, 80)}`)
    }
  })
})

describe('findIncidents', () => {
  it('counts the lines of one failure of one thing as one incident, with its times and line numbers', () => {
    const [incident, ...others] = find(ioError(60, 'sda'), '[61.0] eth0: link up', ioError(62, 'sda'))
    assert.deepEqual(others, [])
    assert.deepEqual(
      [incident?.failure.id, incident?.subject, incident?.count, incident?.fields['sector']],
      ['block_io_error', 'sda', 2, '8'],
    )
    assert.deepEqual(
      [incident?.firstAt?.toISOString(), incident?.lastAt?.toISOString()],
      ['2026-03-01T00:01:00.000Z', '2026-03-01T00:01:02.000Z'],
    )
    assert.deepEqual(
      incident?.lines.map(({ number }) => number),
      [1, 3],
    )
  })

  it('keeps two drives apart, and two spells with an hour of silence between them', () => {
    assert.deepEqual(summary(find(ioError(60, 'sda'), ioError(60, 'sdb'))), [
      'block_io_error sda ×1',
      'block_io_error sdb ×1',
    ])
    assert.deepEqual(summary(find(ioError(60, 'sda'), ioError(3_660, 'sda'), ioError(7_261, 'sda'))), [
      'block_io_error sda ×2',
      'block_io_error sda ×1',
    ])
  })

  it('joins the lines of one disk error to one incident, also those before the cause', () => {
    const incidents = find(
      '[100.0] ata5.00: exception Emask 0x0 SAct 0x40000 SErr 0x0 action 0x0',
      '[100.1] ata5.00: failed command: READ FPDMA QUEUED',
      '[100.2] ata5.00: error: { UNC }',
      '[100.3] sd 4:0:0:0: [sde] tag#18 FAILED Result: hostbyte=DID_OK driverbyte=DRIVER_OK',
      '[100.4] sd 4:0:0:0: [sde] tag#18 Sense Key : Medium Error [current]',
      '[100.5] blk_update_request: I/O error, dev sde, sector 7720128',
      '[100.6] Buffer I/O error on dev sde1, logical block 9, async page read',
    )
    assert.deepEqual(summary(incidents), ['ata_uncorrectable ata5.00 ×1'])
    assert.deepEqual(
      incidents[0]?.lines.map(({ number }) => number),
      [1, 2, 3, 4, 5, 6, 7],
    )
  })

  it('does not join what is another drive or long after', () => {
    const medium = '[100.0] sd 4:0:0:0: [sde] Sense Key : Medium Error [current]'
    assert.equal(find(medium, ioError(101, 'sdf')).length, 2)
    assert.equal(find(medium, ioError(200, 'sde')).length, 2)
  })

  it('sees a panic as the consequence of the oops or machine check before it', () => {
    const oops = ['BUG: kernel NULL pointer dereference, address: 08', 'Oops: 0000 [#1] SMP']
    assert.deepEqual(summary(find(...oops, 'Kernel panic - not syncing: Fatal exception')), [
      'kernel_null_pointer - ×1',
    ])
    assert.deepEqual(summary(find('Kernel panic - not syncing: Attempted to kill init!')), [
      'kernel_panic - ×1',
    ])
  })

  it('never takes what a program wrote for the kernel, nor the other way round', () => {
    assert.deepEqual(find('Mar  2 09:00:00 node-1 ops: EXT4-fs error (device sda1): x: y'), [])
    assert.equal(find('Mar  2 09:00:00 node-1 kernel: EXT4-fs error (device sda1): x: y').length, 1)
    assert.deepEqual(find('[ 5.0] Too many connections'), [])
  })

  it('is not alarmed by empty ports at boot', () => {
    assert.deepEqual(find('[   31.0] ata2: SATA link down (SStatus 0 SControl 300)'), [])
    assert.equal(find('[ 5000.0] ata2: SATA link down (SStatus 0 SControl 300)').length, 1)
  })

  it('is more severe when it recurs', () => {
    const corrected = (seconds: number) =>
      `[${seconds}.0] EDAC MC0: 1 CE memory read error on DIMM_B1 (channel:1 slot:0 page:0x77)`
    const severities = [9, 10].map(
      (count) => find(...Array.from({ length: count }, (_, index) => corrected(index + 1)))[0]?.severity,
    )
    assert.deepEqual(severities, ['info', 'warning'])
  })

  it('keeps first and last lines of a storm, and a bounded number of incidents', () => {
    const storm = Array.from({ length: 1_000 }, (_, index) => ioError(index + 1, 'sda'))
    const [incident] = find(...storm)
    assert.equal(incident?.count, 1_000)
    assert.deepEqual(
      incident?.lines.map(({ number }) => number),
      [1, 2, 3, 4, 5, 6, 7, 8, 997, 998, 999, 1_000],
    )

    const finder = createIncidentFinder(CATALOGUE)
    finder.add('[5.0] Kernel panic - not syncing: first of all')
    for (let index = 0; index < 3_000; index += 1)
      finder.add(`[${100 + index * 60}.0] x-${index}: page allocation failure: order:4, mode:0x0`)
    for (let index = 0; index < 3_000; index += 1)
      finder.add(`[${9e6 + index * 60}.0] WARNING: CPU: 1 PID: 1 at net/a${index}.c:1 f+0x1/0x2`)
    const incidents = finder.incidents()
    assert.equal(incidents.length, 500)
    assert.equal(incidents[0]?.failure.id, 'kernel_panic')
  })
})
