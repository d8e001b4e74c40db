import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openTestContext } from '../../../test/support/service-context.ts'
import { RECORDING_KINDS, readRecordingOf, sniffRecording } from '../../collect/recordings/recording-kinds.ts'
import { AppError } from '../../domain/errors.ts'
import { parseRecording } from './parse.ts'
import { plainFacts } from './plain-facts.ts'
import { contentOf } from './recorded-content.ts'

/** One output per kind, as short as its tool's format allows. */
const SAMPLES: Readonly<Record<string, string>> = {
  dmidecode:
    '# dmidecode 3.3\nHandle 0x0011, DMI type 17, 40 bytes\nMemory Device\n\tSize: 16 GB\n\tLocator: A1\n',
  smartctl:
    'smartctl 7.3 2022-02-28 r5338 [x86_64-linux-5.10] (local build)\n\n=== START OF INFORMATION SECTION ===\nDevice Model:     DISK-1\nSerial Number:    S1\n',
  mdstat:
    'Personalities : [raid1]\nmd0 : active raid1 sdb1[1] sda1[0]\n      1046528 blocks [2/2] [UU]\n\nunused devices: <none>\n',
  meminfo: 'MemTotal:       16000000 kB\nMemFree:         8000000 kB\nMemAvailable:    9000000 kB\n',
  ups: 'battery.charge: 100\nups.load: 12\nups.status: OL\n',
  sensors: 'coretemp-isa-0000\nAdapter: ISA adapter\nCore 0:\n  temp2_input: 41.000\n  temp2_crit: 100.000\n',
  ipmi: 'Inlet Temp       | 04h | ok  |  7.1 | 22 degrees C\n',
  free: '              total        used        free      shared  buff/cache   available\nMem:       16000000     4000000     2000000      100000    10000000    11000000\nSwap:             0           0           0\n',
  ps: 'UID          PID    PPID  C STIME TTY          TIME CMD\nroot           1       0  0 Mar01 ?        00:00:09 /sbin/init\n',
  lsblk:
    'NAME   MAJ:MIN RM  SIZE RO TYPE MOUNTPOINT\nsda      8:0    0  100G  0 disk \n`-sda1   8:1    0  100G  0 part /\n',
  mount: '/dev/sda1 on / type ext4 (rw,relatime)\nproc on /proc type proc (rw)\n',
  df: 'Filesystem     1K-blocks     Used Available Use% Mounted on\n/dev/sda1      100000000 40000000  60000000  40% /\n',
}

describe('kinds of recordings', () => {
  for (const [kind, sample] of Object.entries(SAMPLES))
    test(`${kind} is read by its name and found by its content`, () => {
      assert.equal(sniffRecording(sample)?.kind, kind)
      const known = RECORDING_KINDS.find((one) => one === kind)
      assert.ok(known !== undefined)
      assert.deepEqual(readRecordingOf(known, sample), sniffRecording(sample)?.facts)
    })

  test('a text of none is of none, by any name', () => {
    for (const text of ['', 'once upon a time\n', 'bash: dmidecode: command not found\n', '{"a": 1}'])
      for (const kind of RECORDING_KINDS) assert.equal(readRecordingOf(kind, text), null, `${kind}: ${text}`)
  })
})

describe('the content of a call', () => {
  test('comes as base64 or as text, never as both or neither', () => {
    assert.equal(contentOf({ content_base64: 'YQ==' }).toString(), 'a')
    assert.equal(contentOf({ recorded_text: '温' }).toString(), '温')
    for (const input of [{}, { content_base64: 'YQ==', recorded_text: 'a' }])
      assert.throws(
        () => contentOf(input),
        (error) => error instanceof AppError && error.code === 'INPUT_INVALID',
      )
  })

  test('has one meaning on every surface', async () => {
    const { context, close } = await openTestContext()
    try {
      const given = [
        { recorded_text: SAMPLES['ups'] },
        { content_base64: Buffer.from(SAMPLES['ups'] ?? '').toString('base64') },
      ]
      for (const content of given) {
        const input = parseRecording.input.parse({ kind: 'auto', ...content })
        const { kind, facts } = await parseRecording.run(context, input)
        assert.deepEqual([kind, facts['charge_percent'], facts['on_battery']], ['ups', 100, false])
      }
    } finally {
      await close()
    }
  })
})

test('facts are shown in snake_case, maps with their own keys, instants in UTC, null as null', () => {
  assert.deepEqual(
    plainFacts({
      sizeBytes: 1,
      rows: [{ isMounted: true, at: new Date(0) }],
      bytes: new Map([['MemTotal', 2]]),
      model: null,
    }),
    {
      size_bytes: 1,
      rows: [{ is_mounted: true, at: '1970-01-01T00:00:00.000Z' }],
      bytes: { MemTotal: 2 },
      model: null,
    },
  )
})
