import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SystemFacts } from '../../../domain/facts/system.ts'
import { classifySection } from '../../classify-section.ts'
import { findTool } from '../../testing/find-tool.ts'
import { runSections } from '../../testing/run-probe.ts'
import { stubTools } from '../../testing/stub-tools.ts'
import { systemProbe } from './index.ts'
import { SYSTEM_SECTIONS as S } from './sections.ts'

const NOW = new Date('2026-01-02T03:04:05Z')
const SHELLS = ['dash', 'bash', 'busybox'].flatMap((name): readonly [string, ...string[]][] => {
  const path = findTool(name)
  if (path === null) return []
  return [name === 'busybox' ? [path, 'ash', '-s'] : [path, '-s']]
})

/** Runs one section on this machine with stand-in tools ahead of the real ones, under every shell that is there, and parses what each printed. */
async function read(
  section: (typeof S)['boots' | 'timeSync' | 'bmc' | 'bmcLan'],
  tools: Readonly<Record<string, string>>,
): Promise<readonly { readonly stdout: string; readonly facts: SystemFacts }[]> {
  assert.ok(SHELLS.length > 0)
  using stubs = stubTools(tools)
  const found = []
  for (const shell of SHELLS) {
    const id = `system.${section.name}`
    const { sections } = await runSections([{ id, section }], { path: stubs.path, shell })
    const raw = classifySection(sections.get(id), section.command, { timedOut: false, truncated: false })
    const facts = systemProbe.parse({ [section.name]: raw }, NOW)
    found.push({ stdout: sections.get(id)?.stdout ?? '', facts })
  }
  return found
}

test('of what the BMC says of its network only the address leaves the server', async () => {
  const ipmitool = `[ "$*" = 'lan print' ] || exit 9
echo 'Set in Progress         : Set Complete'
echo 'IP Address Source       : Static Address'
echo 'IP Address              : 10.9.8.7'
echo 'Subnet Mask             : 255.255.255.0'
echo 'MAC Address             : 02:00:00:00:00:01'
echo 'SNMP Community String   : hushhush'`
  for (const { stdout, facts } of await read(S.bmcLan, { id: 'echo 0', ipmitool })) {
    assert.deepEqual(facts.bmcLan, {
      status: 'ok',
      value: { ipAddress: '10.9.8.7', ipSource: 'Static Address', macAddress: '02:00:00:00:00:01' },
    })
    assert.doesNotMatch(stdout, /hush|Subnet/)
  }
})

test('a BMC that cannot be opened is told from one that is not permitted', async () => {
  const closed = `echo 'Could not open device at /dev/ipmi0 or /dev/ipmi/0: No such file or directory' >&2; exit 1`
  for (const { facts } of await read(S.bmcLan, { id: 'echo 0', ipmitool: closed }))
    assert.equal(facts.bmcLan?.status, 'unsupported')
  const refused = {
    id: 'echo 1000',
    ipmitool: 'exit 0',
    sudo: 'echo "sudo: a password is required" >&2; exit 1',
  }
  for (const { facts } of await read(S.bmcLan, refused)) assert.equal(facts.bmcLan?.status, 'denied')
})

test('the signs of a BMC are read without any right', async () => {
  for (const { facts } of await read(S.bmc, {})) assert.equal(facts.bmc?.status, 'ok')
})

const CHRONY = `[ "$*" = '-n tracking' ] || exit 9
echo 'Reference ID    : 0A0A0001 (10.10.0.1)'
echo 'Stratum         : 3'
echo 'System time     : 2.500000000 seconds fast of NTP time'
echo 'Leap status     : Normal'`

const NTPQ = `[ "$*" = -pn ] || exit 9
echo '     remote           refid      st t when poll reach   delay   offset  jitter'
echo ' 10.0.0.2        .INIT.          16 u    - 1024    0    0.000    0.000   0.000'`

test('chrony is believed before ntpd, and a chrony that does not answer is passed over', async () => {
  const syncOf = async (tools: Readonly<Record<string, string>>) =>
    (await read(S.timeSync, tools)).map(({ facts }) =>
      facts.timeSync?.status === 'ok' ? facts.timeSync.value : facts.timeSync,
    )
  for (const sync of await syncOf({ chronyc: CHRONY, ntpq: NTPQ }))
    assert.partialDeepStrictEqual(sync, {
      daemon: 'chronyd',
      isSynchronized: true,
      offsetSeconds: 2.5,
      stratum: 3,
    })
  const dumb = `echo '506 Cannot talk to daemon'; exit 1`
  for (const sync of await syncOf({ chronyc: dumb, ntpq: NTPQ }))
    assert.partialDeepStrictEqual(sync, { daemon: 'ntpd', isSynchronized: false, offsetSeconds: null })
})

test('the last boots are asked in UTC, and names of users stay on the server', async () => {
  const last = `[ "$TZ $*" = 'UTC0 -x -F -n 8 reboot shutdown' ] || exit 9
echo 'reboot   system boot  6.1.0-18-amd64   Thu Jan 15 03:00:00 2026   still running'
echo 'ops      pts/0        10.0.0.9         Wed Jan 14 10:00:00 2026 - crash (17:00)'
echo 'reboot   system boot  6.1.0-18-amd64   Mon Jan 12 09:02:00 2026   still running'
echo 'wtmp begins Sat Jan 10 08:00:00 2026'`
  for (const { stdout, facts } of await read(S.boots, { last, journalctl: 'exit 1' })) {
    assert.match(stdout, /^reboot .*\nreboot /m)
    assert.doesNotMatch(stdout, /pts|10\.0\.0\.9/)
    assert.ok(facts.boots?.status === 'ok' && facts.boots.value.lastBootAt instanceof Date)
  }
})

test('boots are listed from the journal only where wtmp lacks them', async () => {
  const journalctl = `case "$*" in
  *--list-boots*) echo ' -1 0123456789abcdef0123456789abcdef Sun 2025-12-28 10:00:02 UTC—Thu 2026-01-01 23:52:41 UTC' ;;
  *' -b -1 '*) echo '2026-01-01T23:52:41+0000 host systemd-journald[1]: Journal stopped' ;;
esac`
  for (const { facts } of await read(S.boots, { last: 'exit 1', journalctl }))
    assert.deepEqual(
      facts.boots?.status === 'ok' && facts.boots.value.previousBootAt,
      new Date('2025-12-28T10:00:02Z'),
    )
  const last = `echo 'reboot   system boot  6.1 Thu Jan 15 03:00:00 2026'; echo 'reboot   system boot  6.1 Thu Jan  1 03:00:00 2026'`
  for (const { stdout } of await read(S.boots, { last, journalctl })) {
    assert.match(stdout, /Journal stopped/)
    assert.doesNotMatch(stdout, /@@ boots/)
  }
})
