import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { patternProblem } from './knowledge-pattern.ts'

const problem = (pattern: string): string => patternProblem(pattern)?.en ?? 'none'

describe('patternProblem', () => {
  it('lets bounded patterns pass', () => {
    for (const pattern of [
      'I/O error, dev (?<drive>[\\w!/-]{1,40}), sector (?<sector>\\d{1,20})',
      '^ata\\d{1,4}(?:\\.\\d{1,2})?: (?:hard|soft) resetting link',
      '[^)]{1,60}\\)',
      '.{0,80} on .{0,80}',
      '(?:ab){1,20}c',
      '\\p{Lu}{1,3}\\u{1F600}',
    ])
      assert.equal(problem(pattern), 'none', pattern)
  })

  it('refuses what has no upper limit', () => {
    assert.match(problem('a.*b'), /\* has no upper limit/)
    assert.match(problem('a\\d+b'), /\+ has no upper limit/)
    assert.match(problem('a{3,}'), /needs an upper limit/)
  })

  it('refuses repetitions whose ways multiply', () => {
    assert.match(problem('(?:a{1,9}){1,9}'), /no repetition of a group/)
    assert.match(problem('(?:a|a){1,50}'), /no repetition of a group/)
    assert.match(problem('(?:ab?){1,50}'), /no repetition of a group/)
    assert.match(problem('.{0,99}.{0,99}.{0,99}x'), /can be combined in 1000000 ways/)
    assert.match(problem('(?:a|aa)'.repeat(20)), /can be combined in 1048576 ways/)
  })

  it('counts a repetition that the next character ends as one way', () => {
    assert.equal(problem('\\d{1,99}:\\d{1,99}:\\d{1,99}:\\d{1,99} end'), 'none')
    assert.equal(problem('(?<a>\\S{1,99}) (?<b>\\S{1,99}) (?<c>\\S{1,99}) end'), 'none')
    assert.match(problem('\\d{1,99}9\\d{1,99}9\\d{1,99}9'), /ways/)
  })

  it('refuses looking around, references back, flags, and what is no pattern', () => {
    for (const pattern of ['a(?=b)', '(?<!a)b', '(?!x)'])
      assert.match(problem(pattern), /no looking around/, pattern)
    assert.match(problem('(?<x>a)\\k<x>'), /no reference back/)
    assert.match(problem('(a)\\1'), /no reference back/)
    assert.match(problem('(a'), /no regular expression/)
  })

  it('keeps the worst that it allows quick', () => {
    const pattern = '(?:x|.{0,98}y)(?:x|.{0,98}z)'
    assert.equal(problem(pattern), 'none')
    const compiled = new RegExp(pattern, 'u')
    const line = 'y'.repeat(1_000)
    const times = [1, 2, 3].map(() => {
      const started = performance.now()
      compiled.test(line)
      return performance.now() - started
    })
    assert.ok(Math.min(...times) < 400, `took ${times.join(', ')} ms`)
  })
})
