import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { keptRun } from './kept-shell.ts'

test('a run that is cut short on its way to the shell runs nothing', () => {
  const whole = keptRun('echo "it\'s ran"\nexit 3\n', 'a'.repeat(32))
  const runOf = (input: string) => spawnSync('/bin/sh', ['-s'], { input, encoding: 'utf8' })
  const complete = runOf(whole)
  assert.match(complete.stdout, /\nit's ran\n/)
  assert.match(complete.stdout, /\n@@smart-ops-end a{32} 3\n/)
  // The compound ends with the line that gives descriptor 7 its place.
  const compound = whole.indexOf('} 7>&1\n')
  for (let length = 0; length < compound; length += 7) {
    const { stdout } = runOf(whole.slice(0, length))
    assert.equal(stdout, '', `${length} of ${whole.length} characters`)
  }
})
