import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { readHostRecording } from '../recordings/host/read-host-recording.ts'
import { readSensorRecording } from '../recordings/sensor-recording.ts'
import { readUpsRecording } from '../recordings/ups-recording.ts'
import { assertQuick } from './assert-quick.ts'
import { fuzzText } from './fuzz-parsers.ts'
import { plain, recordedTexts } from './recorded-texts.ts'

const READERS = { host: readHostRecording, sensors: readSensorRecording, ups: readUpsRecording }

/** Declares one test for each reader of what other tools print: whatever the text, it neither throws nor lingers, and its values are JSON. */
export function fuzzRecordedTexts(casesPerReader: number): void {
  for (const [folder, read] of Object.entries(READERS))
    test(`${folder}: no text makes the reader throw or linger`, () => {
      const samples = recordedTexts(join(import.meta.dirname, '..', 'recordings', 'testdata', folder))
      fc.assert(
        fc.property(fuzzText(samples.map(({ text }) => text)), (text) => {
          assertQuick(() => {
            read(text)
          })
          assert.doesNotMatch(JSON.stringify(plain(read(text))), /:(?:NaN|Infinity)/)
        }),
        { numRuns: casesPerReader },
      )
    })

  test('host: a table of 20,000 lines is read in its length', () => {
    for (const line of [
      '/dev/x 1 1 1 1% /a\n',
      `${' '.repeat(200)}|\n`,
      'a on /b type \n',
      `${'-'.repeat(300)}\n`,
    ]) {
      const started = process.cpuUsage()
      readHostRecording(`Filesystem 1K-blocks Used Available Use% Mounted on\n${line.repeat(20_000)}`)
      assert.ok(process.cpuUsage(started).user < 5_000_000, line.slice(0, 20))
    }
  })
}
