import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GpuFacts, Npu, NvidiaGpu, PciAccelerator } from '../../domain/facts/gpu.ts'
import { absent, buildInput, minutesBefore, ok } from '../testing/build-facts.ts'
import { assessGpu } from './assess-gpu.ts'

const gpu = (changes: Partial<NvidiaGpu> = {}): NvidiaGpu => ({
  index: 0,
  uuid: 'GPU-1',
  name: 'Accelerator',
  busId: '00000000:3B:00.0',
  serialNumber: null,
  driverVersion: '535.154.05',
  firmwareVersion: null,
  temperatureCelsius: 50,
  memoryTemperatureCelsius: null,
  slowdownCelsius: 87,
  shutdownCelsius: 90,
  powerWatts: 60,
  powerLimitWatts: 400,
  utilizationPercent: 0,
  memoryTotalBytes: 1,
  memoryUsedBytes: 0,
  eccEnabled: true,
  eccCorrected: 0,
  eccUncorrected: 0,
  eccCorrectedTotal: 0,
  eccUncorrectedTotal: 0,
  retiredPagesSingleBit: null,
  retiredPagesDoubleBit: null,
  retirementPending: null,
  remappedRowsCorrectable: 0,
  remappedRowsUncorrectable: 0,
  remapPending: false,
  remapFailed: false,
  linkGeneration: 1,
  linkGenerationMaximum: 4,
  linkWidth: 16,
  linkWidthMaximum: 16,
  throttleReasons: ['idle'],
  fanPercent: null,
  performanceState: 'P8',
  errorTexts: [],
  ...changes,
})
const pci = (changes: Partial<PciAccelerator> = {}): PciAccelerator => ({
  address: '0000:3b:00.0',
  vendor: 'nvidia',
  driver: 'nvidia',
  linkWidth: 16,
  linkWidthMaximum: 16,
  linkGigatransfers: 2.5,
  linkGigatransfersMaximum: 16,
  ...changes,
})
const npu = (health: string): Npu => ({
  npu: 1,
  chip: 0,
  name: '910B',
  health,
  busId: null,
  powerWatts: null,
  temperatureCelsius: null,
  aiCorePercent: null,
  memoryUsedBytes: null,
  memoryTotalBytes: null,
})

const assess = (changes: Partial<GpuFacts>) =>
  assessGpu(
    buildInput({
      gpu: { pci: absent(), nvidia: absent('unsupported'), xid: absent(), npu: absent(), ...changes },
    }),
  )
const summary = (changes: Partial<GpuFacts>) =>
  assess(changes).map(({ rule, severity, subject }) => `${rule} ${severity} ${subject.component}`)
const ofGpu = (changes: Partial<NvidiaGpu>) => summary({ nvidia: ok({ gpus: [gpu(changes)], lost: [] }) })

const NAME = 'GPU 0000:3b:00'

describe('assessGpu', () => {
  it('finds nothing on a well GPU whose clocks are down because it idles', () => {
    assert.deepEqual(ofGpu({}), [])
    assert.deepEqual(
      ofGpu({ eccEnabled: null, eccUncorrected: null, linkWidth: null, slowdownCelsius: null }),
      [],
    )
  })

  it('tells uncorrected errors of now from those of the past', () => {
    assert.deepEqual(ofGpu({ eccUncorrected: 1 }), [`gpu.ecc_uncorrected urgent ${NAME}`])
    assert.deepEqual(ofGpu({ eccUncorrectedTotal: 1 }), [`gpu.ecc_history info ${NAME}`])
    assert.deepEqual(ofGpu({ eccCorrected: 999 }), [])
    assert.deepEqual(ofGpu({ eccCorrected: 1_000 }), [`gpu.ecc_history warning ${NAME}`])
  })

  it('asks for a replacement when memory cannot be replaced any more', () => {
    assert.deepEqual(ofGpu({ remapFailed: true, remapPending: true }), [`gpu.memory_worn critical ${NAME}`])
    assert.deepEqual(ofGpu({ retiredPagesSingleBit: 40, retiredPagesDoubleBit: 19 }), [])
    assert.deepEqual(ofGpu({ retiredPagesSingleBit: 40, retiredPagesDoubleBit: 20 }), [
      `gpu.memory_worn critical ${NAME}`,
    ])
    assert.deepEqual(ofGpu({ remapPending: true }), [`gpu.remap_pending warning ${NAME}`])
    assert.deepEqual(ofGpu({ retirementPending: true }), [`gpu.remap_pending warning ${NAME}`])
  })

  it('judges heat, throttling and width by the card’s own limits', () => {
    assert.deepEqual(ofGpu({ temperatureCelsius: 86 }), [])
    assert.deepEqual(ofGpu({ temperatureCelsius: 87 }), [`gpu.temperature_high critical ${NAME}`])
    assert.deepEqual(ofGpu({ throttleReasons: ['sw_power_cap'] }), [])
    assert.deepEqual(ofGpu({ throttleReasons: ['hw_power_brake_slowdown'] }), [
      `gpu.throttled warning ${NAME}`,
    ])
    assert.deepEqual(ofGpu({ linkWidth: 8 }), [`gpu.link_narrow warning ${NAME}`])
    assert.deepEqual(ofGpu({ errorTexts: ['ERR!'] }), [`gpu.unreadable urgent ${NAME}`])
  })

  it('misses a card that is on the bus, once', () => {
    const lost = 'Unable to determine the device handle for GPU 0000:D8:00.0: GPU is lost.'
    const shown = { nvidia: ok({ gpus: [gpu()], lost: [lost] }) }
    const onBus = ok([pci(), pci({ address: '0000:d8:00.0' })])
    assert.deepEqual(summary({ ...shown, pci: onBus }), ['gpu.lost critical GPU 0000:d8:00'])
    assert.deepEqual(summary({ nvidia: ok({ gpus: [gpu()], lost: [] }), pci: onBus }), [
      'gpu.lost critical GPU 0000:d8:00',
    ])
    const passedThrough = ok([pci(), pci({ address: '0000:d8:00.0', driver: 'vfio-pci' })])
    assert.deepEqual(summary({ nvidia: ok({ gpus: [gpu()], lost: [] }), pci: passedThrough }), [])
  })

  it('says that a GPU without a driver is not known to be well, and that a time-out says nothing', () => {
    assert.deepEqual(summary({ pci: ok([pci({ driver: null })]) }), ['gpu.driver_missing warning null'])
    assert.deepEqual(summary({ pci: ok([pci()]), nvidia: absent('timeout') }), [])
    assert.deepEqual(summary({}), [])
  })

  it('groups Xid errors of the last week by card and code', () => {
    const event = (code: number, minutes: number | null) => ({
      at: minutes === null ? null : minutesBefore(minutes),
      busId: '0000:3b:00',
      code,
      message: '',
    })
    const week = 7 * 24 * 60
    const found = assess({
      xid: ok({ events: [event(79, 30), event(79, 10), event(13, null)], logSince: null }),
    })
    assert.deepEqual(
      found.map(({ subject, severity }) => `${severity} ${subject.component}`),
      [`critical ${NAME} Xid 79`, `info ${NAME} Xid 13`],
    )
    assert.deepEqual(found[0]?.since, minutesBefore(30))
    assert.match(found[0]?.title.en ?? '', /2 times/)
    assert.deepEqual(summary({ xid: ok({ events: [event(79, week + 1)], logSince: null }) }), [])
    assert.deepEqual(summary({ xid: ok({ events: [event(999, week)], logSince: null }) }), [
      `gpu.xid warning ${NAME} Xid 999`,
    ])
  })

  it('believes an NPU’s own verdict, and calls unknown no health', () => {
    const health = (word: string) => summary({ npu: ok([npu(word)]) })
    assert.deepEqual(health('OK'), [])
    assert.deepEqual(health('Warning'), ['gpu.npu_health warning NPU 1/0'])
    assert.deepEqual(health('Alarm'), ['gpu.npu_health urgent NPU 1/0'])
    assert.deepEqual(health('Critical'), ['gpu.npu_health critical NPU 1/0'])
    assert.deepEqual(health('UNKNOWN'), ['gpu.npu_health warning NPU 1/0'])
    const narrow = pci({ vendor: 'huawei', address: '0000:c1:00.0', linkWidth: 8 })
    assert.deepEqual(summary({ pci: ok([narrow]) }), ['gpu.link_narrow warning PCI 0000:c1:00'])
  })

  it('leaves out what was not inspected', () => assert.deepEqual(assessGpu(buildInput({})), []))
})
