import assert from 'node:assert/strict'
import { it } from 'node:test'
import { bearerTokenOf, isSameSecret } from './bearer-token.ts'

it('reads the token of a bearer header, the scheme in any case', () => {
  assert.equal(bearerTokenOf('Bearer abc.DEF-1_2~3+/=='), 'abc.DEF-1_2~3+/==')
  assert.equal(bearerTokenOf('bearer abc'), 'abc')
})

it('reads nothing from anything else', () => {
  for (const header of [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Basic abc',
    'Bearer a b',
    'Bearer a,Bearer b',
    ' Bearer a',
  ])
    assert.equal(bearerTokenOf(header), null, header)
  assert.equal(bearerTokenOf(`Bearer ${'a'.repeat(5_000)}`), null)
})

it('compares secrets of any length', () => {
  assert.equal(isSameSecret('令牌', '令牌'), true)
  assert.equal(isSameSecret('token', 'token '), false)
  assert.equal(isSameSecret('', 'token'), false)
})
