import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { BootFacts } from '../../domain/facts/system.ts'
import { assessClock } from '../clock/assess-clock.ts'
import { absent, buildInput, buildSystem, minutesBefore, NOW, ok } from '../testing/build-facts.ts'
import { assessBoots } from './assess-boots.ts'

const ORDERLY: BootFacts = {
  lastBootAt: minutesBefore(60),
  previousBootAt: minutesBefore(60_000),
  previousEndedAt: minutesBefore(65),
  previousEnded: 'shutdown',
  evidence: [],
  resetCauses: [],
}

const inputWith = (changes: Partial<BootFacts>, uptimeSeconds = 3600) =>
  buildInput({
    system: buildSystem({
      boots: ok({ ...ORDERLY, ...changes }),
      uptime: ok({ uptimeSeconds, bootId: 'a', serverClockAt: NOW }),
    }),
  })

const judged = (changes: Partial<BootFacts>, uptimeSeconds?: number) =>
  assessBoots(inputWith(changes, uptimeSeconds)).map(({ rule, severity }) => `${rule} ${severity}`)

describe('assessBoots', () => {
  it('says nothing of an orderly restart, nor of one whose end is unknown or was not read', () => {
    assert.deepEqual(judged({}), [])
    assert.deepEqual(judged({ previousEnded: 'unknown', resetCauses: null }), [])
    for (const system of [buildSystem(), buildSystem({ boots: absent('timeout') })])
      assert.deepEqual(assessBoots(buildInput({ system })), [])
  })

  it('tells of a run that ended without a shutdown, with what shows it', () => {
    const evidence: BootFacts['evidence'] = [
      { source: 'wtmp', line: 'reboot   system boot' },
      { source: 'journal', line: 'db2 systemd[1]: last words' },
    ]
    const [finding] = assessBoots(inputWith({ previousEnded: 'crash', evidence }))
    assert.equal(finding?.rule, 'server.unclean_restart')
    assert.equal(finding?.title.en, 'The last run ended without a shutdown; it was booted again 1 h ago')
    assert.deepEqual(finding?.since, minutesBefore(65))
    assert.match(finding?.cause?.en ?? '', /loss of power.* Evidence: db2 systemd\[1\]: last words ¦ reboot/)
    assert.match(finding?.cause?.zh ?? '', /断电/)
  })

  it('names the kernel where a dump or the journal shows that it crashed', () => {
    const dump = { source: 'crash_dump', line: '/var/crash/x/vmcore' } as const
    const panic = { source: 'journal', line: 'kernel: Kernel panic - not syncing' } as const
    for (const evidence of [[dump], [panic]]) {
      const [finding] = assessBoots(inputWith({ previousEnded: 'crash', evidence }))
      assert.match(finding?.cause?.en ?? '', /^The kernel crashed\. Evidence: /)
    }
  })

  it('is less pressing after a week', () => {
    const week = 7 * 24 * 3600
    const crash = { previousEnded: 'crash', resetCauses: ['watchdog'] } as const
    assert.deepEqual(judged(crash, week), ['server.unclean_restart warning', 'server.watchdog_reset warning'])
    assert.deepEqual(judged(crash, week + 1), ['server.unclean_restart info', 'server.watchdog_reset info'])
  })

  it('says what the watchdog says', () => {
    const [finding] = assessBoots(inputWith({ resetCauses: ['watchdog', 'overheat'] }))
    assert.match(
      finding?.title.en ?? '',
      /the watchdog’s time ran out, it was too hot; it was booted again 1 h ago/,
    )
    assert.match(finding?.title.zh ?? '', /看门狗超时、过热/)
  })

  it('gives a boot since the last look its reason', () => {
    const causeOf = (previousEnded: BootFacts['previousEnded']) => {
      const input = inputWith({ previousEnded })
      const at = minutesBefore(600)
      const system = buildSystem({ uptime: ok({ uptimeSeconds: 9, bootId: 'b', serverClockAt: at }) })
      const inspection = { ...input.inspection, startedAt: at, finishedAt: at, facts: { system } }
      const earlier = { inspection, readAt: { system: at } }
      return assessClock({ ...input, earlier }).find(({ rule }) => rule === 'server.rebooted')?.cause?.en
    }
    assert.match(causeOf('shutdown') ?? '', /in order/)
    assert.match(causeOf('crash') ?? '', /not shut down/)
    assert.match(causeOf('unknown') ?? '', /not known/)
  })
})
