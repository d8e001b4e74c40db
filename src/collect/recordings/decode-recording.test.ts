import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeRecording } from './decode-recording.ts'

test('UTF-8 is read with and without a byte order mark', () => {
  assert.equal(decodeRecording(Buffer.from('温度 36 °C')), '温度 36 °C')
  assert.equal(decodeRecording(Buffer.from('\uFEFF温度')), '温度')
})

test('UTF-16 is known by its byte order mark', () => {
  assert.equal(decodeRecording(Buffer.from('\uFEFFSize: 8 GB', 'utf16le')), 'Size: 8 GB')
  assert.equal(decodeRecording(Buffer.from('\uFEFFSize', 'utf16le').swap16()), 'Size')
})

test('bytes that are no UTF-8 are read as Latin-1, so that none is lost', () => {
  assert.equal(decodeRecording(Buffer.from([0x31, 0xa0, 0x30, 0x30, 0x30])), '1\u00A0000')
  assert.equal(decodeRecording(new Uint8Array()), '')
})
