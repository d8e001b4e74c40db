import assert from 'node:assert/strict'
import { test } from 'node:test'
import { redactInput } from './redact-input.ts'

test('of files and recordings an audit row keeps the length, and of the rest no secret', () => {
  const row = redactInput({
    content_base64: 'c2VjcmV0',
    recorded_text: 'db_password=hunter2',
    password: 'hunter2',
    kind: 'ps',
  })
  assert.doesNotMatch(row, /hunter2|c2VjcmV0/)
  assert.match(row, /"content_base64":"8 characters of base64","recorded_text":"19 characters"/)
  assert.match(row, /"kind":"ps"/)
})
