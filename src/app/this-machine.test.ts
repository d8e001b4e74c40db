import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeThisMachine } from './this-machine.ts'

const address = (value: string, family = 'IPv4', internal = false) => ({ address: value, family, internal })

test('takes the first real IPv4 address', () => {
  const machine = describeThisMachine(
    {
      lo: [address('127.0.0.1', 'IPv4', true)],
      docker0: [address('172.17.0.1')],
      eth0: [address('fe80::1', 'IPv6'), address('2001:db8::5', 'IPv6'), address('10.1.2.3')],
    },
    'db-01',
  )
  assert.deepEqual([machine.ip, machine.name, machine.transport], ['10.1.2.3', 'db-01', 'local'])
})

test('takes IPv6 where there is no IPv4, never a link-local one', () => {
  const machine = describeThisMachine(
    { eth0: [address('fe80::1', 'IPv6'), address('2001:db8::5', 'IPv6')] },
    'a',
  )
  assert.equal(machine.ip, '2001:db8::5')
})

test('is 127.0.0.1 on a machine without a network', () => {
  assert.equal(describeThisMachine({ lo: [address('127.0.0.1', 'IPv4', true)] }, 'a').ip, '127.0.0.1')
})
