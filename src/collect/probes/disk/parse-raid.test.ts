import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { splitBlocks } from '../../formats/blocks.ts'
import { readRaidRecording } from './parse-raid.ts'
import { driveStateOf, isHealthyWord, volumeStateOf } from './raid-states.ts'

const CASE = join(import.meta.dirname, 'testdata', 'raid-every-tool')
const recorded = (section: string): string => readFileSync(join(CASE, `${section}.stdout`), 'utf8')
const blocks = splitBlocks(recorded('hardware_raid'))

describe('readRaidRecording', () => {
  it('tells by the contents which tool printed a text', () => {
    const texts = {
      storcli: blocks.get('storcli'),
      megacli: blocks.get('megacli'),
      ssacli: blocks.get('ssacli'),
      arcconf: blocks.get('arcconf'),
      mdadm: splitBlocks(recorded('md_details')).get('details'),
      zpool: recorded('zfs_pools'),
      mdstat: 'Personalities : [raid1]\nmd0 : active raid1 sda1[0]\n      1 blocks [2/1] [U_]\n',
    }
    for (const [tool, text] of Object.entries(texts)) assert.equal(readRaidRecording(text ?? '')?.tool, tool)
    assert.equal(readRaidRecording('Filesystem 1K-blocks\n/dev/sda1 1'), null)
    assert.equal(readRaidRecording('{"a": 1}'), null)
    assert.equal(readRaidRecording(''), null)
  })

  it('reads several storcli documents after each other as one machine', () => {
    const together = ['storcli', 'storcli-drives', 'storcli-rebuild']
      .map((name) => blocks.get(name))
      .join('\n')
    const recording = readRaidRecording(together)
    assert.ok(recording !== null && 'raid' in recording)
    assert.equal(recording.raid.drives.length, 4)
    assert.deepEqual(
      recording.raid.drives.map(({ mediaErrors, rebuildPercent }) => [mediaErrors, rebuildPercent]),
      [
        [0, null],
        [37, null],
        [0, 41],
        [0, null],
      ],
    )
  })

  it('does not know what one superblock cannot tell', () => {
    const examined = readRaidRecording(
      '/dev/sda1:\n          Magic : a92b4efc\n     Raid Level : raid1\n   Raid Devices : 2\n          State : clean\n',
    )
    assert.ok(examined?.tool === 'mdadm')
    const [array] = examined.arrays
    assert.deepEqual([array?.stateText, array?.degraded, array?.activeDevices], ['clean', null, null])
  })
})

describe('the words of RAID tools', () => {
  it('takes no unknown word for well', () => {
    assert.equal(volumeStateOf('Frobnicated'), 'unknown')
    assert.equal(driveStateOf(''), 'unknown')
    assert.equal(isHealthyWord('Frobnicated'), null)
  })

  it('knows volumes, drives and batteries', () => {
    const volumes = { Optl: 'optimal', Optimal: 'optimal', OK: 'optimal', Pdgd: 'degraded', OfLn: 'failed' }
    for (const [word, state] of Object.entries(volumes)) assert.equal(volumeStateOf(word), state, word)
    assert.equal(volumeStateOf('Interim Recovery Mode'), 'degraded')
    assert.equal(volumeStateOf('Recovering, 12% complete'), 'rebuilding')
    const drives = {
      Onln: 'online',
      'Online, Spun Up': 'online',
      'Hotspare, Spun down': 'spare',
      'Unconfigured(good), Spun Up': 'unassigned',
      'Unconfigured(bad)': 'failed',
      UBad: 'failed',
      Msng: 'missing',
      'Predictive Failure': 'predictive_failure',
      JBOD: 'online',
    }
    for (const [word, state] of Object.entries(drives)) assert.equal(driveStateOf(word), state, word)
    assert.equal(isHealthyWord('Optimal'), true)
    assert.equal(isHealthyWord('Failed (Replace Batteries)'), false)
  })
})
