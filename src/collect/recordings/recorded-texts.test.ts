import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { plain, recordedTexts } from '../testing/recorded-texts.ts'
import { readHostRecording } from './host/read-host-recording.ts'
import { readSensorRecording } from './sensor-recording.ts'
import { readUpsRecording } from './ups-recording.ts'

const READERS = { host: readHostRecording, sensors: readSensorRecording, ups: readUpsRecording }

for (const [folder, read] of Object.entries(READERS))
  for (const { name, text, expected } of recordedTexts(join(import.meta.dirname, 'testdata', folder))) {
    test(`${folder}: reads ${name}`, () => assert.deepEqual(plain(read(text)), expected))
    test(`${folder}: reads ${name} with CRLF`, () =>
      assert.deepEqual(plain(read(text.replaceAll('\n', '\r\n'))), expected))
  }
