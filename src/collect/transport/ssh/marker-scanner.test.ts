import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MarkerScanner } from './marker-scanner.ts'

/** What a scanner tells of the stream when it comes in pieces of that size. */
function tell(stream: string, pieceLength: number): readonly string[] {
  const told: string[] = []
  let text = ''
  const scanner = new MarkerScanner(['\n@@one', '\n@@two'], {
    onText: (part) => {
      text += part.toString('latin1')
    },
    onMarker: (place, words) => {
      told.push(text, `${place} ${words}`)
      text = ''
    },
  })
  for (let at = 0; at < stream.length; at += pieceLength)
    scanner.add(Buffer.from(stream.slice(at, at + pieceLength), 'latin1'))
  scanner.flush()
  return [...told, text, String(scanner.isComplete)]
}

test('text and markers are told apart however the stream is cut to pieces', () => {
  const stream = 'a\n@@on\n\n@@two\n@@one 7\nb\n\n@@two\nlate\n@@one\n'
  for (let pieceLength = 1; pieceLength <= stream.length; pieceLength += 1)
    assert.deepEqual(
      tell(stream, pieceLength),
      ['a\n@@on\n\n@@two', '0 7', 'b\n', '1 ', 'late\n@@one\n', 'true'],
      `pieces of ${pieceLength}`,
    )
})

test('what only began like a marker is text when the stream ends', () => {
  for (const cut of ['x', 'x\n', 'x\n@@o', 'x\n@@one 7'])
    for (const pieceLength of [1, 3, 100]) assert.deepEqual(tell(cut, pieceLength), [cut, 'false'])
})
