import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { chooseNextStep } from './choose-next-step.ts'

type Input = Parameters<typeof chooseNextStep>[0]

const STEP_1 = 'service_001_system_inspection'
const STEP_2 = 'service_002_memory_inspection'
const STEP_3 = 'service_003_disk_inspection'
const STEP_4 = 'service_004_hardware_summary'

const choose = (changes: Partial<Input> = {}) =>
  chooseNextStep({
    completed: [],
    abnormalMemoryIps: [],
    abnormalDiskIps: [],
    staleIps: [],
    scope: 'abnormal',
    unreachableIps: [],
    findingsCount: 0,
    ...changes,
  })

describe('chooseNextStep', () => {
  it('looks at the fleet first', () => {
    const choice = choose({ abnormalMemoryIps: ['10.0.0.1'] })
    assert.deepEqual([choice.action, choice.ips, choice.chosenBy], [STEP_1, [], 'rules'])
  })

  it('inspects those above a threshold, and those nothing is known of', () => {
    const known = {
      abnormalMemoryIps: ['10.0.0.1'],
      abnormalDiskIps: ['10.0.0.2'],
      staleIps: ['10.0.0.3', '10.0.0.1'],
      unreachableIps: ['10.0.0.4'],
    }
    const memory = choose({ ...known, completed: [STEP_1] })
    assert.deepEqual([memory.action, memory.ips], [STEP_2, ['10.0.0.1', '10.0.0.3', '10.0.0.4']])
    assert.match(memory.reason.en, /1 server above the memory threshold, 2 servers without fresh data/)
    assert.match(memory.reason.zh, /1 台服务器超过内存阈值/)
    const disk = choose({ ...known, completed: [STEP_1, STEP_2] })
    assert.match(disk.reason.en, /1 server not reached before$/)
    const onlyStale = choose({ staleIps: ['10.0.0.3'], completed: [STEP_1] })
    assert.equal(onlyStale.reason.en, '1 server without fresh data')
    assert.deepEqual([disk.action, disk.ips], [STEP_3, ['10.0.0.2', '10.0.0.3', '10.0.0.1', '10.0.0.4']])
  })

  it('passes over what has no server, and says so', () => {
    const onlyDisk = choose({ completed: [STEP_1], abnormalDiskIps: ['10.0.0.2'] })
    assert.equal(onlyDisk.action, STEP_3)
    assert.match(onlyDisk.reason.en, /No server is above the memory threshold/)
    const nothing = choose({ completed: [STEP_1], findingsCount: 1 })
    assert.equal(nothing.action, STEP_4)
    assert.match(nothing.reason.en, /memory threshold.*disk threshold.*1 finding:/)
    assert.match(nothing.reason.zh, /没有服务器超过内存阈值.*没有服务器超过磁盘阈值/)
  })

  it('passes nothing over when the scope is all', () => {
    assert.deepEqual(
      [
        choose({ scope: 'all', completed: [STEP_1] }),
        choose({ scope: 'all', completed: [STEP_1, STEP_2] }),
      ].map(({ action, ips }) => [action, ips]),
      [
        [STEP_2, []],
        [STEP_3, []],
      ],
    )
  })

  it('does nothing after the summary but finish', () => {
    const choice = choose({ completed: [STEP_1, STEP_4], abnormalMemoryIps: ['10.0.0.1'] })
    assert.equal(choice.action, 'finish')
  })

  it('never repeats a step and finishes within five choices, whatever happens meanwhile', () => {
    const ips = fc.array(fc.constantFrom('10.0.0.1', '10.0.0.2'), { maxLength: 2 })
    const state = fc.record({
      abnormalMemoryIps: ips,
      abnormalDiskIps: ips,
      staleIps: ips,
      unreachableIps: ips,
      scope: fc.constantFrom('abnormal' as const, 'all' as const),
      findingsCount: fc.nat(20),
    })
    const states = fc.array(state, { minLength: 5, maxLength: 5 })
    const before = fc.subarray([STEP_1, STEP_2, STEP_3, STEP_4, 'service_999_unknown'])
    fc.assert(
      fc.property(before, states, (done, changing) => {
        const completed = [...done]
        for (const now of changing) {
          const { action, reason } = chooseNextStep({ ...now, completed })
          assert.ok(reason.zh !== '' && reason.en !== '')
          if (action === 'finish') return
          assert.ok(!completed.includes(action), `${action} repeated`)
          completed.push(action)
        }
        assert.fail(`not finished after ${completed.join(', ')}`)
      }),
      { numRuns: 2000 },
    )
  })
})
