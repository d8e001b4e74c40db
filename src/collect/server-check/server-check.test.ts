import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Server } from '../../domain/server.ts'
import { createLocalTransport } from '../transport/local.ts'
import { checkServer } from './check-server.ts'
import { parseLogin, parsePrivileges, parseTools, sudoersFragment } from './parse-server-check.ts'

const server: Server = {
  id: '1',
  bkCloudId: 0,
  ip: '127.0.0.1',
  name: 'here',
  transport: 'local',
  group: null,
  enabled: true,
  registeredAt: new Date('2026-03-01T00:00:00Z'),
}

test('this machine is reached, its login and tools are told', async () => {
  const check = await checkServer({
    transport: createLocalTransport(),
    server,
    signal: AbortSignal.timeout(60_000),
    deadlineMs: 30_000,
    nonce: randomBytes(16).toString('hex'),
  })
  assert.equal(check.unreachable, null)
  assert.equal(check.login?.isRoot, process.getuid?.() === 0)
  assert.match(check.tools.find(({ name }) => name === 'lsblk')?.path ?? '', /^\//)
  for (const tool of check.tools) assert.equal(tool.installCommand !== null, tool.path === null, tool.name)
})

test('a missing tool comes with the command of the package manager that is there', () => {
  const debian = parseTools('lsblk /usr/bin/lsblk\napt-get /usr/bin/apt-get\n')
  assert.equal(
    debian.find(({ name }) => name === 'smartctl')?.installCommand,
    'apt-get install -y smartmontools',
  )
  assert.equal(debian.find(({ name }) => name === 'lsblk')?.installCommand, null)
  const alpine = parseTools('apk /sbin/apk\n')
  assert.equal(alpine.find(({ name }) => name === 'lsblk')?.installCommand, 'apk add lsblk')
  assert.equal(parseTools('')[0]?.installCommand, null)
})

test('what is refused becomes sudoers lines with exact arguments and no wildcard', () => {
  const privileges = parsePrivileges(
    'refused /usr/sbin/dmidecode -t 16 -t 17\npermitted /usr/sbin/smartctl --scan\nrefused /usr/sbin/smartctl -j -i -H -A -n standby -d megaraid,0 /dev/bus/0\n',
  )
  assert.equal(
    sudoersFragment('ops', privileges),
    'ops ALL=(root) NOPASSWD: /usr/sbin/dmidecode -t 16 -t 17\nops ALL=(root) NOPASSWD: /usr/sbin/smartctl -j -i -H -A -n standby -d megaraid\\,0 /dev/bus/0\n',
  )
  assert.equal(
    sudoersFragment(
      'ops',
      privileges.filter(({ state }) => state === 'permitted'),
    ),
    null,
  )
})

test('lines that try to smuggle something into sudoers are left out', () => {
  for (const line of [
    'refused /bin/sh;reboot',
    'refused relative/path',
    'refused /usr/bin/x *',
    'refused /usr/bin/x a\u0000b',
    'ALL /usr/bin/x',
  ])
    assert.deepEqual(parsePrivileges(line), [])
  assert.equal(parseLogin('1000\nops ALL=(ALL) ALL'), null)
})

test('whatever a server prints, the parsers give something and no wildcard', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (output) => {
      parseLogin(output)
      parseTools(output)
      assert.doesNotMatch(sudoersFragment('ops', parsePrivileges(output)) ?? '', /[*?[\]!]/)
    }),
    { numRuns: 2_000 },
  )
})
