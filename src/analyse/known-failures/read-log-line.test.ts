import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readLogLine } from './read-log-line.ts'

const BOOT = new Date('2026-03-01T00:00:00.000Z')
const read = (line: string) => {
  const { at, uptimeSeconds, origin, message } = readLogLine(line, 1, BOOT)
  return [at?.toISOString() ?? null, uptimeSeconds, origin, message]
}

describe('readLogLine', () => {
  it('places seconds since boot in time', () => {
    const expected = ['2026-03-01T00:01:00.500Z', 60.5, 'kernel', 'ata1: hard resetting link']
    assert.deepEqual(read('[   60.500000] ata1: hard resetting link'), expected)
    assert.deepEqual(read('<4>[   60.500000] ata1: hard resetting link'), expected)
    assert.deepEqual(read('[   60.500000][  T412] ata1: hard resetting link'), expected)
    assert.deepEqual(read('[   60.500000] [ T412] ata1: hard resetting link'), expected)
    assert.deepEqual(read('[   60.500000] node-1 kernel: ata1: hard resetting link'), expected)
    assert.equal(readLogLine('[   60.5] x', 1, null).at, null)
  })

  it('reads times with and without a zone', () => {
    const message = 'EXT4-fs error (device sda1): x'
    const at = '2026-03-02T01:00:00.123Z'
    assert.deepEqual(read(`2026-03-02T09:00:00,123456+08:00 ${message}`), [at, null, null, message])
    assert.deepEqual(read(`2026-03-02T09:00:00.123456+0800 node-1 kernel: ${message}`), [
      at,
      null,
      'kernel',
      message,
    ])
    assert.deepEqual(read(`2026-03-02 09:00:00 node-1 kernel: ${message}`), [null, null, 'kernel', message])
    assert.deepEqual(read(`Mar  2 09:00:00 node-1 kernel: [   60.5] ${message}`), [
      null,
      null,
      'kernel',
      message,
    ])
    assert.deepEqual(read(`[Mon Mar  2 09:00:00 2026] ${message}`), [null, null, 'kernel', message])
  })

  it('tells programs from the kernel', () => {
    assert.deepEqual(read('Mar  2 09:00:00 node-1 su[77]: Machine check'), [
      null,
      null,
      'service',
      'Machine check',
    ])
    assert.deepEqual(read('<34>Oct 11 22:14:15 node-1 su: failed'), [null, null, 'service', 'failed'])
    const inKernelLog = read('[    5.0] systemd[1]: Failed to start Demo.')
    assert.deepEqual(inKernelLog.slice(2), ['service', 'Failed to start Demo.'])
    // The kernel names processes in the same form.
    assert.equal(read('[    5.0] demo[812]: segfault at 0')[2], 'kernel')
    assert.equal(read('EXT4-fs error (device sda1): x')[2], null)
  })

  it('measures how far lines are apart, whatever the form', () => {
    const seconds = (line: string) => readLogLine(line, 1, null).seconds ?? Number.NaN
    assert.equal(seconds('Mar  2 09:00:10 h kernel: x') - seconds('Mar  2 09:00:00 h kernel: x'), 10)
    assert.equal(
      seconds('2026-03-02T09:01:00+08:00 h kernel: x') - seconds('2026-03-02T01:00:00Z h kernel: x'),
      60,
    )
    assert.equal(seconds('[ 9.5] x') - seconds('[ 9.0] x'), 0.5)
    assert.ok(Number.isNaN(seconds('Foo 31 25:00:00 h kernel: x')))
    assert.ok(Number.isNaN(seconds('2026-13-99T99:00:00Z h kernel: x')))
  })
})
