import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Bond, BondMember, LinkAbility, NetworkCard, NetworkFacts } from '../../domain/facts/network.ts'
import type { ServerInspection } from '../../domain/inspection.ts'
import { absent, buildInput, NOW, ok } from '../testing/build-facts.ts'
import { assessNetwork } from './assess-network.ts'

const card = (changes: Partial<NetworkCard> = {}): NetworkCard => ({
  name: 'eno1',
  driver: 'ixgbe',
  operationalState: 'up',
  hasCarrier: true,
  carrierChanges: 2,
  speedMegabits: 10_000,
  duplex: 'full',
  mtu: 1500,
  master: null,
  isVirtualFunction: false,
  received: { packets: 100_000_000, errors: 0, dropped: 0 },
  sent: { packets: 100_000_000, errors: 0, dropped: 0 },
  receivedCrcErrors: 0,
  receivedMissed: 0,
  collisions: 0,
  ...changes,
})
const received = (packets: number | null, errors: number | null) => ({ packets, errors, dropped: 0 })

const ability = (changes: Partial<LinkAbility> = {}): LinkAbility => ({
  name: 'eno1',
  supportedMegabits: 10_000,
  partnerMegabits: 10_000,
  speedMegabits: 10_000,
  duplex: 'full',
  autoNegotiation: true,
  ...changes,
})
const member = (name: string, changes: Partial<BondMember> = {}): BondMember => ({
  name,
  up: true,
  speedMegabits: 10_000,
  linkFailures: 0,
  aggregatorId: null,
  ...changes,
})
const bond = (members: readonly BondMember[], changes: Partial<Bond> = {}): Bond => ({
  name: 'bond0',
  mode: 'fault-tolerance (active-backup)',
  up: true,
  activeMember: 'eno1',
  aggregatorId: null,
  partnerMac: null,
  members,
  ...changes,
})

const facts = (changes: Partial<NetworkFacts>): NetworkFacts => ({
  interfaces: absent(),
  links: absent('unsupported'),
  bonds: absent(),
  ...changes,
})

function summary(now: Partial<NetworkFacts>, before?: Partial<NetworkFacts>) {
  const input = buildInput({ network: facts(now) })
  const inspection: ServerInspection = {
    ...input.inspection,
    facts: before === undefined ? {} : { network: facts(before) },
  }
  const earlier = before === undefined ? null : { inspection, readAt: { network: NOW } }
  return assessNetwork({ ...input, earlier }).map(
    ({ rule, severity, subject }) => `${rule} ${severity} ${subject.component}`,
  )
}
const cards = (...list: NetworkCard[]) => ({ interfaces: ok(list) })

describe('assessNetwork', () => {
  it('judges bad frames by their share since the driver was loaded', () => {
    assert.deepEqual(summary(cards(card({ received: received(100_000_000, 999) }))), [])
    assert.deepEqual(summary(cards(card({ received: received(100_000_000, 1_001) }))), [
      'network.receive_errors warning eno1',
    ])
    assert.deepEqual(summary(cards(card({ received: received(1_000, 99) }))), [], 'too few frames')
    assert.deepEqual(summary(cards(card({ received: received(null, null) }))), [])
  })

  it('judges by growth since the last inspection, and from zero after a restart', () => {
    const before = cards(card({ received: received(100_000_000, 5_000) }))
    assert.deepEqual(summary(cards(card({ received: received(200_000_000, 5_010) })), before), [])
    assert.deepEqual(summary(cards(card({ received: received(110_000_000, 5_200) })), before), [
      'network.receive_errors warning eno1',
    ])
    assert.deepEqual(summary(cards(card({ received: received(1_000_000, 200) })), before), [
      'network.receive_errors warning eno1',
    ])
  })

  it('names frames that found no room, and links that come and go', () => {
    assert.deepEqual(summary(cards(card({ receivedMissed: 9_000 }))), [])
    assert.deepEqual(summary(cards(card({ receivedMissed: 11_000 }))), [
      'network.receive_missed warning eno1',
    ])
    assert.deepEqual(summary(cards(card({ carrierChanges: 6 })), cards(card())), [])
    assert.deepEqual(summary(cards(card({ carrierChanges: 7 })), cards(card())), [
      'network.link_flapping warning eno1',
    ])
    assert.deepEqual(summary(cards(card({ carrierChanges: 7 }))), [], 'nothing to compare with')
  })

  it('compares the speed with what both ends can do', () => {
    const at = (speedMegabits: number | null, changes: Partial<LinkAbility>) =>
      summary({
        ...cards(card({ speedMegabits })),
        links: ok([ability({ speedMegabits: null, ...changes })]),
      })
    assert.deepEqual(at(10_000, {}), [])
    assert.deepEqual(at(1_000, {}), ['network.link_slow warning eno1'])
    assert.deepEqual(at(1_000, { partnerMegabits: 1_000 }), [])
    assert.deepEqual(at(1_000, { partnerMegabits: null }), ['network.link_slow info eno1'])
    assert.deepEqual(at(1_000, { supportedMegabits: null }), [])
    assert.deepEqual(at(null, {}), [])
    assert.deepEqual(
      summary({ ...cards(card({ speedMegabits: 1_000, hasCarrier: false })), links: ok([ability()]) }),
      [],
    )
    assert.deepEqual(summary(cards(card({ duplex: 'half' }))), ['network.half_duplex warning eno1'])
  })

  it('says how much of a bond is left', () => {
    const up = [member('a'), member('b'), member('c')]
    const down = (name: string) => member(name, { up: false })
    assert.deepEqual(summary({ bonds: ok([bond(up)]) }), [])
    assert.deepEqual(summary({ bonds: ok([bond([...up, down('d')])]) }), [
      'network.bond_degraded warning bond0',
    ])
    assert.deepEqual(summary({ bonds: ok([bond([member('a'), down('b')])]) }), [
      'network.bond_degraded urgent bond0',
    ])
    assert.deepEqual(summary({ bonds: ok([bond([down('a'), down('b')])]) }), [
      'network.bond_degraded critical bond0',
    ])
    assert.deepEqual(summary({ bonds: ok([bond([member('a')])]) }), ['network.bond_single_member info bond0'])
    assert.deepEqual(summary({ bonds: ok([bond([member('a', { up: null }), member('b')])]) }), [])
  })

  it('sees a switch that does not take part in LACP', () => {
    const lacp = (aggregatorIds: readonly number[], partnerMac: string) =>
      summary({
        bonds: ok([
          bond(
            aggregatorIds.map((aggregatorId) => member(`p${aggregatorId}`, { aggregatorId })),
            { aggregatorId: 1, partnerMac },
          ),
        ]),
      })
    assert.deepEqual(lacp([1, 1], '02:00:00:00:00:09'), [])
    assert.deepEqual(lacp([1, 1], '00:00:00:00:00:00'), ['network.bond_lacp warning bond0'])
    assert.deepEqual(lacp([1, 2], '02:00:00:00:00:09'), ['network.bond_lacp warning bond0'])
  })

  it('leaves out virtual functions and what was not inspected', () => {
    const bad = card({ received: received(1_000, 900), isVirtualFunction: true })
    assert.deepEqual(summary(cards(bad)), [])
    assert.deepEqual(assessNetwork(buildInput({})), [])
  })
})
