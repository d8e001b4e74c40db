import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isAllowedHost, isAllowedOrigin } from './host-check.ts'

const RULE = {
  port: 8080,
  allowedHosts: ['ops.example.com', 'gate.example.com:9000'],
  localAddress: '::ffff:10.1.2.3',
}

it('allows loopback names and the address that was connected to, with our port alone', () => {
  for (const host of ['localhost:8080', 'LOCALHOST:8080', '127.0.0.1:8080', '[::1]:8080', '10.1.2.3:8080'])
    assert.equal(isAllowedHost(host, RULE), true, host)
  for (const host of [
    'localhost',
    'localhost:8081',
    '127.0.0.1',
    '10.1.2.4:8080',
    '127.0.0.2:8080',
    '[::2]:8080',
  ])
    assert.equal(isAllowedHost(host, RULE), false, host)
})

it('takes a Host without a port for port 80', () => {
  assert.equal(isAllowedHost('localhost', { ...RULE, port: 80 }), true)
})

it('spells an IPv6 address of this machine in brackets', () => {
  const rule = { ...RULE, localAddress: 'FD00::5' }
  assert.equal(isAllowedHost('[fd00::5]:8080', rule), true)
  assert.equal(isAllowedHost('fd00::5:8080', rule), false)
})

it('allows configured names: without a port ours or none, with a port exactly that', () => {
  for (const host of ['ops.example.com', 'ops.example.com:8080', 'Ops.Example.com', 'gate.example.com:9000'])
    assert.equal(isAllowedHost(host, RULE), true, host)
  for (const host of [
    'ops.example.com:9000',
    'gate.example.com',
    'gate.example.com:8080',
    'x.ops.example.com',
  ])
    assert.equal(isAllowedHost(host, RULE), false, host)
})

it('refuses a missing, empty or malformed Host', () => {
  for (const host of [
    undefined,
    '',
    ':8080',
    'localhost:',
    'localhost:x',
    'a@localhost:8080',
    'localhost:8080/',
    'a,b',
  ])
    assert.equal(isAllowedHost(host, RULE), false, host)
})

it('allows no Origin or that of the very host, and refuses null', () => {
  assert.equal(isAllowedOrigin(undefined, 'localhost:8080'), true)
  assert.equal(isAllowedOrigin('http://LOCALHOST:8080', 'localhost:8080'), true)
  assert.equal(isAllowedOrigin('https://ops.example.com', 'ops.example.com'), true)
  for (const origin of [
    '',
    'null',
    'http://localhost',
    'http://localhost:8081',
    'http://a@localhost:8080',
    'file://',
  ])
    assert.equal(isAllowedOrigin(origin, 'localhost:8080'), false, origin)
  assert.equal(isAllowedOrigin('http://x', undefined), false)
})

it('allows the configured origins, whole and with their scheme', () => {
  const allowed = ['https://Tools.example.com', 'http://tools.example.com:3000']
  for (const origin of ['https://tools.example.com', 'http://tools.example.com:3000'])
    assert.equal(isAllowedOrigin(origin, 'localhost:8004', allowed), true, origin)
  for (const origin of [
    'http://tools.example.com',
    'https://tools.example.com:1',
    'https://tools.example.com.evil',
  ])
    assert.equal(isAllowedOrigin(origin, 'localhost:8004', allowed), false, origin)
})
