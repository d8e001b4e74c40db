import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServerAssessment } from '../../domain/assessment.ts'
import type { GpuFacts } from '../../domain/facts/gpu.ts'
import type { NetworkFacts } from '../../domain/facts/network.ts'
import { text } from '../../domain/text.ts'
import { healthyFleet, summaryOf } from '../testing/fleet-fixture.ts'
import { absent, healthyVm } from '../testing/healthy-vm.ts'
import { finding } from '../testing/make-finding.ts'

const network: NetworkFacts = {
  interfaces: { status: 'ok', value: [] },
  links: { status: 'ok', value: [] },
  bonds: absent('no_data', 'cat /proc/net/bonding/*'),
}

const gpu: GpuFacts = {
  pci: {
    status: 'ok',
    value: [
      {
        address: '0000:3b:00.0',
        vendor: 'nvidia',
        driver: 'nvidia',
        linkWidth: 16,
        linkWidthMaximum: 16,
        linkGigatransfers: 16,
        linkGigatransfersMaximum: 16,
      },
    ],
  },
  nvidia: absent('timeout', 'nvidia-smi -q -x'),
  xid: absent('denied', 'dmesg'),
  npu: absent('unsupported', 'npu-smi info'),
}

const withFacts = (
  facts: Partial<ServerAssessment['inspection']['facts']>,
  findings: ServerAssessment['findings'] = [],
): ServerAssessment => ({
  ...healthyVm,
  findings,
  inspection: { ...healthyVm.inspection, facts: { ...healthyVm.inspection.facts, ...facts } },
})

const statesOf = (assessment: ServerAssessment) => {
  const { areas } = summaryOf({ fleet: healthyFleet, assessments: [assessment], language: 'en' })
  return Object.fromEntries(areas.map(({ area, state }) => [area, state]))
}

test('network and GPUs have no area where nothing looked at them, GPUs none where there is none', () => {
  const { network: _network, gpu: _gpu, ...rest } = healthyVm.inspection.facts
  const bare = { ...healthyVm, inspection: { ...healthyVm.inspection, facts: rest } }
  const none = statesOf(bare)
  assert.deepEqual([none['network'], none['gpu']], [undefined, undefined])
  const noCard = statesOf(withFacts({ network, gpu: { ...gpu, pci: { status: 'ok', value: [] } } }))
  assert.deepEqual([noCard['network'], noCard['gpu']], ['healthy', undefined])
})

test('a GPU that could not be asked is unknown, never healthy', () => {
  assert.equal(statesOf(withFacts({ gpu }))['gpu'], 'unknown')
})

test('what is wrong with a network card counts as network, not as live metrics', () => {
  const dropping = finding(healthyVm.server, {
    rule: 'network.drops',
    severity: 'urgent',
    kind: 'network',
    component: 'eth0',
    title: text('丢包', 'Drops packets'),
  })
  const states = statesOf(withFacts({ network }, [dropping]))
  const before = statesOf(withFacts({ network }))
  assert.deepEqual([before['network'], states['network']], ['healthy', 'attention'])
  assert.equal(states['metrics'], before['metrics'])
})
