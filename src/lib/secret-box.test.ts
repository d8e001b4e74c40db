import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { createSecretBox, SecretBoxError } from './secret-box.ts'

const KEY = new Uint8Array(32).fill(1)
const box = createSecretBox(KEY)

describe('createSecretBox', () => {
  it('opens what it sealed, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (clear, name) => {
        // A lone surrogate has no UTF-8 form.
        fc.pre(clear.isWellFormed() && name.isWellFormed())
        const sealed = box.seal(name, clear)
        assert.match(sealed, /^v1:[A-Za-z0-9+/]+=*$/)
        assert.equal(box.open(name, sealed), clear)
      }),
    )
  })

  it('never seals twice alike', () => {
    assert.equal(new Set(Array.from({ length: 200 }, () => box.seal('a', 'x'))).size, 200)
  })

  it('refuses another name, another key and another version', () => {
    const sealed = box.seal('ssh:1', 'hunter2')
    assert.throws(() => box.open('ssh:2', sealed), SecretBoxError)
    assert.throws(() => createSecretBox(new Uint8Array(32).fill(2)).open('ssh:1', sealed), SecretBoxError)
    assert.throws(() => box.open('ssh:1', sealed.replace('v1:', 'v2:')), /unknown version/)
  })

  it('refuses a text in which any one bit was changed, and any cut', () => {
    const sealed = box.seal('a', 'hunter2')
    const bytes = Buffer.from(sealed.slice(3), 'base64')
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      assert.throws(() => box.open('a', `v1:${changed.toString('base64')}`), SecretBoxError, `bit ${bit}`)
    }
    for (let length = 0; length < sealed.length; length += 1)
      assert.throws(() => box.open('a', sealed.slice(0, length)), SecretBoxError, `length ${length}`)
  })

  it('has no text or key in its errors', () => {
    try {
      box.open('a', box.seal('b', 'hunter2'))
      assert.fail('opened')
    } catch (error) {
      assert.ok(error instanceof SecretBoxError)
      assert.ok(!inspect(error, { depth: 9 }).includes('hunter2'))
    }
  })

  it('refuses a master key of another length', () => {
    assert.throws(() => createSecretBox(new Uint8Array(16)), /32 bytes/)
  })
})
