import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import ssh2 from 'ssh2'
import { readPrivateKey } from './private-key.ts'

const KINDS: readonly (readonly [string, KeyObject])[] = [
  ['rsa', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ['ec P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['ec P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
  ['ec P-521', generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey],
  ['ed25519', generateKeyPairSync('ed25519').privateKey],
]

const pkcs8 = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const encrypted = (key: KeyObject, passphrase: string): string =>
  key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString()

for (const [name, key] of KINDS)
  test(`a PKCS 8 key of kind ${name}, plain and encrypted, signs what its public half verifies`, () => {
    for (const [text, passphrase] of [
      [pkcs8(key), null],
      [pkcs8(key), 'not needed'],
      [encrypted(key, 'open sesame'), 'open sesame'],
    ] as const) {
      const reading = readPrivateKey(text, passphrase)
      assert.ok(reading.status === 'ok', JSON.stringify(reading))
      const data = Buffer.from('what a server is sent')
      const signature = reading.key.sign(data)
      assert.ok(Buffer.isBuffer(signature))
      const shown = ssh2.utils.parseKey(reading.key.getPublicSSH())
      assert.ok(!(shown instanceof Error))
      assert.equal(shown.verify(data, signature), true)
    }
  })

test('a PKCS 8 key that cannot be used says why, without its text', () => {
  const [, key] = KINDS[4] ?? assert.fail()
  const cases: readonly (readonly [string, string | null, RegExp])[] = [
    [encrypted(key, 'open sesame'), null, /encrypted: configure its passphrase/],
    [encrypted(key, 'open sesame'), 'guess', /does not open/],
    [pkcs8(key).replace(/\n.{20}/, '\n'), null, /not in a format/],
    [pkcs8(generateKeyPairSync('x25519').privateKey), null, /no keys of the kind x25519/],
    [pkcs8(generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey), null, /DSA/],
  ]
  for (const [text, passphrase, why] of cases) {
    const reading = readPrivateKey(text, passphrase)
    assert.ok(reading.status === 'unusable')
    assert.match(reading.message, why)
    assert.doesNotMatch(reading.message, /MC4CAQ|BEGIN|guess/)
  }
})
