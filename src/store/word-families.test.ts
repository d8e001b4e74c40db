import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readReportTypeWord } from './report-type-words.ts'
import { readStatusWord, writeStatusWord } from './status-words.ts'
import { learnFamily, readWord, type Vocabulary } from './word-families.ts'

const COLOURS: Vocabulary<'red' | 'green'> = {
  keys: ['red', 'green'],
  families: [
    { red: 'red', green: 'green' },
    { red: '红', green: '绿' },
    { red: '红', green: '青' },
  ],
}

test('a word of any writer is read as ours, in whatever case; an unknown one stays as it is', () => {
  assert.equal(readWord(COLOURS, ' RED '), 'red')
  assert.equal(readWord(COLOURS, '青'), 'green')
  assert.equal(readWord(COLOURS, 'blue'), 'blue')
  assert.equal(readWord(COLOURS, null), null)
  assert.equal(readStatusWord('告警'), 'warning')
  assert.deepEqual(['日报', 'Weekly', '月报'].map(readReportTypeWord), ['daily', 'weekly', '月报'])
})

test('the family of most words found wins; ours without any, the earlier one of equal ones', () => {
  assert.equal(learnFamily(COLOURS, []), COLOURS.families[0])
  assert.equal(learnFamily(COLOURS, ['blue', null]), COLOURS.families[0])
  assert.equal(learnFamily(COLOURS, ['红']), COLOURS.families[1])
  assert.equal(learnFamily(COLOURS, ['红', '红', '青', 'green']), COLOURS.families[2])
})

test('a status is written in the words of a family, and other text as it is', () => {
  const family = { normal: '正常', warning: '警告', critical: '严重' }
  assert.deepEqual(
    ['critical', 'offline', null].map((status) => writeStatusWord(family, status)),
    ['严重', 'offline', null],
  )
})
