import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import fc from 'fast-check'
import { PROBE_NAMES } from '../../domain/inspection.ts'
import type { Server } from '../../domain/server.ts'
import { sectionsOf } from '../collector.ts'
import { createLocalTransport } from '../transport/local.ts'
import { checkServer } from './check-server.ts'
import { parseLogin, parsePrivileges, parseTools, sudoersFragment } from './parse-server-check.ts'
import { RAID_COMMANDS, ROOT_COMMANDS, SERVER_CHECK_SECTIONS } from './sections.ts'

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
    'refused /usr/sbin/dmidecode -t 0 -t 1 -t 2 -t 4 -t 16 -t 17\npermitted /usr/sbin/smartctl --scan\nrefused /usr/sbin/smartctl -j -a -l devstat -n standby -d megaraid,0 /dev/bus/0\n',
  )
  assert.equal(
    sudoersFragment('ops', privileges),
    'ops ALL=(root) NOPASSWD: /usr/sbin/dmidecode -t 0 -t 1 -t 2 -t 4 -t 16 -t 17\nops ALL=(root) NOPASSWD: /usr/sbin/smartctl -j -a -l devstat -n standby -d megaraid\\,0 /dev/bus/0\n',
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

test('the check asks for every command that a probe runs as root', () => {
  const bodies = sectionsOf(PROBE_NAMES).map(({ section }) => section.body)
  const asked = [
    ...bodies.join('\n').matchAll(/as_root ("\$tool"|\S+) ([^\n|&)]+?)(?: \|\| (?:break|exit))?$/gm),
  ].map(([, tool = '', words = '']) => ({ tool, words: words.replace('"$number"', '1').trim() }))
  assert.ok(asked.length >= 10, String(asked.length))
  const fixed = ROOT_COMMANDS.map((words) => words.join(' '))
  const raid: readonly string[] = RAID_COMMANDS.flatMap(({ calls }) => calls)
  for (const { tool, words } of asked) {
    if (tool === '"$tool"') assert.ok(raid.includes(words), words)
    else if (tool === 'mdadm') assert.equal(words, '--detail "$device"')
    else assert.ok(fixed.includes(`${tool} ${words}`), `${tool} ${words}`)
  }
  const probe = bodies.find((body) => body.includes('storcli64')) ?? ''
  for (const { names } of RAID_COMMANDS) assert.ok(probe.includes(names), names)
})

test('tools of RAID controllers are asked for with all their arguments, one tool of a maker', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'smart-ops-check-'))
  try {
    for (const [name, body] of [
      ['storcli64', 'exit 1'],
      ['perccli64', 'exit 1'],
      ['sudo', 'case $* in *rebuild*) exit 1 ;; esac; exit 0'],
      ['id', 'echo 1000'],
    ] as const)
      await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
    const script = SERVER_CHECK_SECTIONS.find(({ name }) => name === 'privileges')?.body ?? ''
    const { stdout } = spawnSync('sh', ['-c', `as_root() { "$@"; }\n${script}`], {
      env: { PATH: `${folder}:${process.env.PATH ?? ''}` },
      encoding: 'utf8',
      timeout: 30_000,
    })
    const raid = parsePrivileges(stdout).filter(({ command }) => command.startsWith(folder))
    assert.deepEqual(
      raid.map(({ command, state }) => `${state} ${command.slice(folder.length + 1)}`),
      [
        'permitted storcli64 /call show all J nolog',
        'permitted storcli64 /call/eall/sall show all J nolog',
        'refused storcli64 /call/eall/sall show rebuild J nolog',
      ],
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})
