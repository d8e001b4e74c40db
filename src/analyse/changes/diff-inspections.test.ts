import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { EarlierLook } from '../../domain/changes.ts'
import type { HardwareRaid, SmartDrive } from '../../domain/facts/disk.ts'
import type { MemorySlot } from '../../domain/facts/memory.ts'
import type { Finding } from '../../domain/finding.ts'
import type { FactsByProbe, ProbeName, SectionReport, ServerInspection } from '../../domain/inspection.ts'
import {
  absent,
  buildArray,
  buildDisk,
  buildDrive,
  buildInput,
  buildMemory,
  buildModule,
  buildSlot,
  buildSystem,
  GIB,
  minutesBefore,
  NOW,
  ok,
  SILENT_FIRMWARE,
} from '../testing/build-facts.ts'
import { diffInspections } from './diff-inspections.ts'

const HOUR_MS = 3_600_000
const BEFORE = minutesBefore(24 * 60)

const lookAt = (facts: Partial<FactsByProbe>, changes: Partial<ServerInspection> = {}): ServerInspection =>
  buildInput(facts, { startedAt: NOW, finishedAt: NOW, ...changes }).inspection

const earlierLook = (facts: Partial<FactsByProbe>, sections: readonly SectionReport[] = []): EarlierLook => {
  const inspection = lookAt(facts, { startedAt: BEFORE, finishedAt: BEFORE, sections })
  const probes = Object.keys(inspection.facts) as ProbeName[]
  return { inspection, readAt: Object.fromEntries(probes.map((probe) => [probe, BEFORE])) }
}

/** Boot ids that are equal, so that only what a test is about differs. */
const SAME_BOOT = { system: buildSystem({ uptime: uptime(86_400, 'boot-a') }) }

function uptime(uptimeSeconds: number, bootId: string | null) {
  return ok({ uptimeSeconds, bootId, serverClockAt: NOW })
}

const diff = (was: Partial<FactsByProbe>, is: Partial<FactsByProbe>) =>
  diffInspections({
    earlier: earlierLook({ ...SAME_BOOT, ...was }),
    inspection: lookAt({ ...SAME_BOOT, ...is }),
    earlierFindings: [],
    findings: [],
  })

const sentences = (was: Partial<FactsByProbe>, is: Partial<FactsByProbe>) =>
  diff(was, is)?.changes.map(({ kind, title }) => `${kind} ${title.en}`)

const inventory = (...slots: readonly MemorySlot[]) => ({
  memory: buildMemory({ inventory: ok({ arrays: [], slots, otherDevices: [], firmware: SILENT_FIRMWARE }) }),
})
const module = (serialNumber: string | null, changes: Parameters<typeof buildModule>[0] = {}) =>
  buildModule({ serialNumber, ...changes })
const smart = (...drives: readonly SmartDrive[]) => ({ disk: buildDisk({ smart: ok(drives) }) })
const drive = (serialNumber: string | null, device = '/dev/sda', changes: Partial<SmartDrive> = {}) =>
  buildDrive({ serialNumber, device, ...changes })

describe('diffInspections, modules', () => {
  const full = inventory(buildSlot('A1', module('S1')), buildSlot('A2', module('S2')))

  it('names a module that is gone, new, moved or replaced, by its serial number', () => {
    const one = inventory(buildSlot('A1', module('S1')), buildSlot('A2', null))
    assert.deepEqual(sentences(full, one), ['removed Module A2 (16 GiB DDR4 PART-A S/N S2) is gone'])
    assert.deepEqual(sentences(one, full), ['added Module A2 (16 GiB DDR4 PART-A S/N S2) is new'])
    const swapped = inventory(buildSlot('A1', module('S2')), buildSlot('A2', module('S1')))
    assert.deepEqual(sentences(full, swapped), [
      'moved Module A1 (16 GiB DDR4 PART-A S/N S2) moved from A2 to A1',
      'moved Module A2 (16 GiB DDR4 PART-A S/N S1) moved from A1 to A2',
    ])
    const replaced = inventory(buildSlot('A1', module('S1')), buildSlot('A2', module('S9')))
    assert.deepEqual(sentences(full, replaced), [
      'changed Slot A2 has another module: 16 GiB DDR4 PART-A S/N S2 → 16 GiB DDR4 PART-A S/N S9',
    ])
  })

  it('takes a new module in a slot whose module went elsewhere for a new one', () => {
    const was = inventory(buildSlot('A1', module('S1')), buildSlot('A2', null))
    const is = inventory(buildSlot('A1', module('S3')), buildSlot('A2', module('S1')))
    assert.deepEqual(sentences(was, is), [
      'added Module A1 (16 GiB DDR4 PART-A S/N S3) is new',
      'moved Module A2 (16 GiB DDR4 PART-A S/N S1) moved from A1 to A2',
    ])
  })

  it('goes by the slot where serial numbers are missing or repeated, and calls an unread one no change', () => {
    const unnumbered = inventory(buildSlot('A1', module(null)), buildSlot('A2', module(null)))
    assert.deepEqual(sentences(full, unnumbered), [])
    const alike = inventory(buildSlot('A1', module('S1')), buildSlot('A2', module('S1')))
    assert.deepEqual(sentences(alike, alike), [])
    const smaller = inventory(
      buildSlot('A1', module(null)),
      buildSlot('A2', module(null, { sizeBytes: GIB })),
    )
    assert.deepEqual(sentences(unnumbered, smaller), [
      'changed Module A2 (1 GiB DDR4 PART-A) size: 16 GiB → 1 GiB',
    ])
  })

  it('tells a disabled module from one that is gone, and one in a slot that cannot be read from both', () => {
    const disabled = {
      ...buildSlot('A2', module('S2', { sizeBytes: null })),
      state: 'disabled' as const,
    }
    assert.deepEqual(sentences(full, inventory(buildSlot('A1', module('S1')), disabled)), [
      'changed Module A2 (DDR4 PART-A S/N S2) state: in use → disabled',
    ])
    const unreadable = { ...buildSlot('A2', null), state: 'unknown' as const }
    assert.deepEqual(sentences(full, inventory(buildSlot('A1', module('S1')), unreadable)), [])
  })

  it('names the number of slots and another speed', () => {
    const slower = module('S1', { configuredMegatransfersPerSecond: 2666 })
    assert.deepEqual(
      sentences(
        inventory(buildSlot('A1', module('S1'))),
        inventory(buildSlot('A1', slower), buildSlot('B1', null)),
      ),
      [
        'changed Module A1 (16 GiB DDR4 PART-A S/N S1) speed in MT/s: 3200 → 2666',
        'changed Memory slots number: 1 → 2',
      ],
    )
  })
})

describe('diffInspections, drives', () => {
  it('knows a drive by its serial number, whatever its device is called', () => {
    assert.deepEqual(
      sentences(
        smart(drive('Z1', '/dev/sda'), drive('Z2', '/dev/sdb')),
        smart(drive('Z2', '/dev/sda'), drive('Z1', '/dev/sdc')),
      ),
      [],
    )
    assert.deepEqual(sentences(smart(drive('Z1')), smart(drive('Z3'))), [
      'removed Drive /dev/sda (Model X, S/N Z1) is gone',
      'added Drive /dev/sda (Model X, S/N Z3) is new',
    ])
    assert.deepEqual(
      sentences(
        smart(drive('Z1', '/dev/sda', { firmware: 'A1' })),
        smart(drive('Z1', '/dev/sda', { firmware: 'A2' })),
      ),
      ['changed Drive /dev/sda (Model X, S/N Z1) firmware: A1 → A2'],
    )
  })

  it('calls no drive gone that may only be silent', () => {
    const two = smart(drive('Z1', '/dev/sda'), drive('Z2', '/dev/sdb'))
    assert.deepEqual(sentences(two, smart(drive('Z1', '/dev/sda'), drive(null, '/dev/sdb'))), [])
    assert.deepEqual(sentences(two, smart(drive('Z1', '/dev/sda'), drive(null, '/dev/sdc'))), [])
    const known = smart(drive('Z1', '/dev/sda'), drive('Z2', '/dev/sdb'), drive(null, '/dev/sdq'))
    assert.deepEqual(sentences(known, smart(drive('Z1', '/dev/sda'), drive(null, '/dev/sdq'))), [
      'removed Drive /dev/sdb (Model X, S/N Z2) is gone',
    ])
  })

  const raid = (drives: readonly { slot: string; serialNumber: string }[], state = 'Optl') => ({
    hardwareRaid: ok<readonly HardwareRaid[]>([
      {
        tool: 'storcli',
        controllers: [],
        volumes: [
          {
            controllerId: '0',
            name: '0/0',
            level: 'RAID1',
            stateText: state,
            state: 'optimal',
            sizeText: '1 TB',
          },
        ],
        drives: drives.map(({ slot, serialNumber }) => ({
          controllerId: '0',
          slot,
          stateText: 'Onln',
          state: 'online',
          model: 'M',
          serialNumber,
          mediaErrors: null,
          otherErrors: null,
          predictiveFailures: null,
          smartAlert: null,
          temperatureCelsius: null,
          rebuildPercent: null,
        })),
      },
    ]),
  })

  it('names another slot behind a controller, and the state of volumes', () => {
    const was = { disk: buildDisk(raid([{ slot: '252:0', serialNumber: 'Z1' }])) }
    const is = { disk: buildDisk(raid([{ slot: '252:3', serialNumber: 'Z1' }], 'Dgrd')) }
    assert.deepEqual(sentences(was, is), [
      'moved Drive storcli 0 252:3 (M, S/N Z1) moved from 252:0 to 252:3',
      'changed RAID volume 0/0 state: Optl → Dgrd',
    ])
  })

  it('needs every list that showed the drive', () => {
    const was = {
      disk: buildDisk({ smart: ok([drive('Z1')]), ...raid([{ slot: '0', serialNumber: 'Z1' }]) }),
    }
    assert.deepEqual(sentences(was, smart()), [])
    const found = diff(was, smart())
    assert.deepEqual(found?.notCompared, [{ area: 'raid', sectionId: 'disk.hardware_raid', unread: 'now' }])
    const gone = { disk: buildDisk({ smart: ok([]), ...raid([]) }) }
    assert.deepEqual(sentences(was, gone), ['removed Drive /dev/sda (Model X, S/N Z1) is gone'])
  })

  it('compares arrays', () => {
    const md = (activeMemberCount: number) => ({
      disk: buildDisk({ mdArrays: ok([buildArray({ activeMemberCount })]) }),
    })
    assert.deepEqual(sentences(md(2), md(1)), ['changed Software RAID md0 active members: 2 → 1'])
  })
})

describe('diffInspections, the machine', () => {
  const os = (kernelRelease: string) =>
    ok({
      prettyName: 'Debian 13',
      id: 'debian',
      versionId: '13',
      kernelRelease,
      architecture: 'x86_64',
      hostname: 'a',
    })

  it('names kernel, BIOS and CPU, and not what was not read', () => {
    const board = (biosVersion: string | null) =>
      ok({
        systemVendor: null,
        productName: 'P',
        boardVendor: null,
        boardName: null,
        biosVendor: null,
        biosVersion,
        biosDate: null,
        serialNumber: null,
      })
    const boot = uptime(86_400, 'boot-a')
    const system = (kernel: string, bios: string | null) => ({
      system: buildSystem({ os: os(kernel), board: board(bios), uptime: boot }),
    })
    assert.deepEqual(sentences(system('6.1', '1.0'), system('6.12', '2.0')), [
      'changed BIOS version: 1.0 → 2.0',
      'changed System kernel: 6.1 → 6.12',
    ])
    assert.deepEqual(sentences(system('6.1', '1.0'), system('6.1', null)), [])
  })

  it('names network cards, bonds, accelerators and the BMC, and not virtual functions', () => {
    const none = { packets: null, errors: null, dropped: null }
    const card = (name: string, speedMegabits: number, isVirtualFunction = false) => ({
      name,
      driver: 'ixgbe',
      operationalState: 'up',
      hasCarrier: true,
      carrierChanges: 1,
      speedMegabits,
      duplex: 'full' as const,
      mtu: 1500,
      master: null,
      isVirtualFunction,
      received: none,
      sent: none,
      receivedCrcErrors: null,
      receivedMissed: null,
      collisions: null,
    })
    const member = (name: string, up: boolean) => ({
      name,
      up,
      speedMegabits: null,
      linkFailures: null,
      aggregatorId: null,
    })
    const devices = (speed: number, up: boolean, firmwareVersion: string, cards: readonly string[]) => ({
      network: {
        interfaces: ok([card('eth0', speed), ...(up ? [card('eth0v1', 10, true)] : [])]),
        links: absent(),
        bonds: ok([
          {
            name: 'bond0',
            mode: null,
            up: true,
            activeMember: 'eth0',
            aggregatorId: null,
            partnerMac: null,
            members: [member('eth0', true), member('eth1', up)],
          },
        ]),
      },
      gpu: {
        pci: ok(
          cards.map((address) => ({
            address,
            vendor: 'nvidia' as const,
            driver: 'nvidia',
            linkWidth: 16,
            linkWidthMaximum: 16,
            linkGigatransfers: 8,
            linkGigatransfersMaximum: 16,
          })),
        ),
        nvidia: absent(),
        xid: absent(),
        npu: absent(),
      },
      sensors: {
        hwmon: absent(),
        thermalZones: absent(),
        ipmi: absent(),
        bmc: ok({ manufacturer: null, product: null, firmwareVersion, ipmiVersion: null }),
      },
    })
    assert.deepEqual(
      sentences(devices(10_000, true, '1.0', ['3b', 'af']), devices(1000, false, '1.1', ['3b'])),
      [
        'changed Network card eth0 speed in Mbit/s: 10000 → 1000',
        'changed Bond bond0 members up: 2 → 1',
        'removed Accelerator af (nvidia) is gone',
        'changed BMC firmware: 1.0 → 1.1',
      ],
    )
  })

  it('tells a boot by its id, else by the uptime', () => {
    const up = (seconds: number, bootId: string | null) => ({
      system: buildSystem({ uptime: uptime(seconds, bootId) }),
    })
    assert.deepEqual(sentences(up(100, 'a'), up(600, 'b')), [
      'changed Rebooted since the last inspection; up 10 min',
    ])
    assert.deepEqual(sentences(up(100, 'a'), up(50, 'a')), [])
    assert.deepEqual(sentences(up(3600, null), up(25 * 3600, null)), [])
    assert.deepEqual(sentences(up(3600, null), up(25 * 3600 - 120, null)), [])
    assert.equal(sentences(up(3600, null), up(25 * 3600 - 121, null))?.length, 1)
  })

  it('names parts that were read at one look only, once, and leaves out probes not asked for', () => {
    const read = { memory: buildMemory(), ...smart(drive('Z1')) }
    const found = diff(read, { disk: buildDisk({ smart: absent('timeout') }) })
    assert.deepEqual(found?.changes, [])
    assert.deepEqual(found?.notCompared, [{ area: 'drive', sectionId: 'disk.smart', unread: 'now' }])
    assert.deepEqual(diff({}, smart(drive('Z1')))?.changes, [])
  })

  it('says nothing of a server that was not read now, or never before', () => {
    const earlier = earlierLook(SAME_BOOT)
    const unread = { ...lookAt({}), facts: {} }
    const none = { earlierFindings: [], findings: [] }
    assert.equal(diffInspections({ ...none, earlier, inspection: unread }), null)
    assert.equal(
      diffInspections({ ...none, earlier: { ...earlier, readAt: {} }, inspection: lookAt(SAME_BOOT) }),
      null,
    )
  })

  it('dates each change by the look that it was compared with', () => {
    const earlier = earlierLook({ ...SAME_BOOT, ...smart(drive('Z1')) })
    const older = new Date(BEFORE.getTime() - HOUR_MS)
    const found = diffInspections({
      earlier: { ...earlier, readAt: { ...earlier.readAt, disk: older } },
      inspection: lookAt({ ...SAME_BOOT, ...smart() }),
      earlierFindings: [],
      findings: [],
    })
    assert.deepEqual(found?.readAt, { system: BEFORE, disk: older })
    assert.deepEqual(
      found?.changes.map(({ sinceAt, evidenceIds }) => [sinceAt, evidenceIds]),
      [[older, ['disk.smart']]],
    )
  })
})

describe('diffInspections, health', () => {
  const finding = (changes: Partial<Finding> = {}): Finding => ({
    id: 'disk.smart_warning:10.0.0.1:sda',
    rule: 'disk.smart_warning',
    severity: 'warning',
    subject: { serverId: '100', serverIp: '10.0.0.1', kind: 'drive', component: 'sda' },
    since: NOW,
    title: { zh: '坏', en: 'bad' },
    cause: null,
    nextStep: null,
    evidenceIds: ['disk.smart'],
    ...changes,
  })
  const section = (status: SectionReport['status']): SectionReport[] => [
    { id: 'disk.smart', status, command: 'x', remedy: null },
  ]
  const health = (
    was: readonly Finding[],
    is: readonly Finding[],
    looks: {
      was?: SectionReport['status']
      is?: SectionReport['status']
      before?: Partial<FactsByProbe>
      facts?: Partial<FactsByProbe>
    } = {},
  ) =>
    diffInspections({
      earlier: earlierLook({ ...SAME_BOOT, ...looks.before }, section(looks.was ?? 'ok')),
      inspection: lookAt({ ...SAME_BOOT, ...looks.facts }, { sections: section(looks.is ?? 'ok') }),
      earlierFindings: was,
      findings: is,
    })?.changes.map(({ kind, title, from, to }) =>
      [kind, title.en, from?.en, to?.en].filter((word) => word !== undefined).join(' | '),
    )

  const asleep = (serialNumber: string | null, device = '/dev/sda') =>
    drive(serialNumber, device, {
      details: {
        access: 'asleep',
        message: null,
        wwn: null,
        rotationRpm: null,
        formFactor: null,
        interfaceMaxGigabits: null,
        interfaceGigabits: null,
        smartEnabled: null,
        temperatureWarnCelsius: null,
        temperatureCriticalCelsius: null,
        powerCycles: null,
        startStopCycles: null,
        crcErrors: null,
        commandTimeouts: null,
        availableSparePercent: null,
        availableSpareThresholdPercent: null,
        unsafeShutdowns: null,
        bytesWritten: null,
        nonMediumErrors: null,
        errorLogCount: null,
        selfTests: null,
        attributes: [],
        exitStatus: null,
      },
    })

  it('goes with the drive when its device has another name', () => {
    const renamed = finding({
      id: 'disk.smart_warning:10.0.0.1:sdb',
      subject: { serverId: '100', serverIp: '10.0.0.1', kind: 'drive', component: 'sdb' },
    })
    const looks = {
      before: smart(drive('Z1', '/dev/sda'), drive('Z2', '/dev/sdb')),
      facts: smart(drive('Z2', '/dev/sda'), drive('Z1', '/dev/sdb')),
    }
    assert.deepEqual(health([finding()], [renamed], looks), [])
    assert.deepEqual(health([finding()], [finding()], looks), [
      'appeared | New: bad',
      'resolved | Resolved: bad',
    ])
    const silent = { before: looks.before, facts: smart(drive('Z2', '/dev/sda'), asleep(null, '/dev/sdq')) }
    assert.deepEqual(health([finding()], [], silent), [])
    assert.deepEqual(
      health([finding()], [], { ...silent, facts: smart(drive('Z2', '/dev/sda'), asleep('Z1')) }),
      [],
    )
  })

  it('names what appeared, got worse or milder, and was resolved', () => {
    assert.deepEqual(health([], [finding()]), ['appeared | New: bad'])
    assert.deepEqual(health([finding()], []), ['resolved | Resolved: bad'])
    assert.deepEqual(health([finding()], [finding()]), [])
    assert.deepEqual(health([finding()], [finding({ severity: 'critical' })]), [
      'worsened | Worse: bad | warning | critical',
    ])
    assert.deepEqual(health([finding()], [finding({ severity: 'info' })]), [
      'eased | Milder: bad | warning | info',
    ])
  })

  it('calls nothing resolved or new that a look could not see', () => {
    assert.deepEqual(health([finding()], [], { is: 'timeout' }), [])
    assert.deepEqual(health([], [finding()], { was: 'denied' }), [])
    assert.deepEqual(health([finding({ evidenceIds: [] })], []), [])
    assert.deepEqual(health([finding()], [], { facts: smart(asleep(null)) }), [])
  })

  it('leaves out findings about the reading', () => {
    const unread = finding({ id: 'data.section_missing:1:x', rule: 'data.section_missing' })
    assert.deepEqual(health([], [unread]), [])
    assert.deepEqual(health([unread], []), [])
  })
})

describe('diffInspections, in general', () => {
  const name = fc.constantFrom('A1', 'A2', 'B1', 'B2')
  const serial = fc.option(fc.constantFrom('S1', 'S2', 'S3', 'S4'), { nil: null })
  const slots = fc.array(
    fc.record({
      name,
      module: fc.option(
        fc.record({ serialNumber: serial, sizeBytes: fc.constantFrom(null, 8 * GIB, 16 * GIB) }),
        { nil: null },
      ),
      state: fc.constantFrom('populated' as const, 'disabled' as const, 'unknown' as const),
    }),
    { maxLength: 5 },
  )
  const drives = fc.array(
    fc.record({
      serialNumber: serial,
      device: fc.constantFrom('/dev/sda', '/dev/sdb', '/dev/sdc'),
      firmware: fc.constantFrom(null, 'A', 'B'),
    }),
    { maxLength: 4 },
  )
  const facts = fc.record({ slots, drives, smartRead: fc.boolean(), kernel: fc.constantFrom('6.1', '6.12') })
  const toFacts = (drawn: typeof facts extends fc.Arbitrary<infer T> ? T : never): Partial<FactsByProbe> => ({
    ...inventory(
      ...drawn.slots.map((slot) => ({
        ...buildSlot(slot.name, slot.module === null ? null : buildModule(slot.module)),
        state: slot.module === null && slot.state === 'populated' ? ('empty' as const) : slot.state,
      })),
    ),
    disk: buildDisk({
      smart: drawn.smartRead ? ok(drawn.drives.map((one) => buildDrive(one))) : absent('timeout'),
    }),
  })

  it('finds nothing between a look and itself', () => {
    fc.assert(
      fc.property(facts, (drawn) => {
        assert.deepEqual(diff(toFacts(drawn), toFacts(drawn))?.changes, [])
        assert.deepEqual(diff(toFacts(drawn), toFacts(drawn))?.notCompared, [])
      }),
    )
  })

  it('calls added backwards what it calls removed forwards, and keeps what changed', () => {
    const opposite: Readonly<Record<string, string>> = { added: 'removed', removed: 'added' }
    fc.assert(
      fc.property(facts, facts, (a, b) => {
        const forwards = diff(toFacts(a), toFacts(b))?.changes ?? []
        const backwards = diff(toFacts(b), toFacts(a))?.changes ?? []
        assert.deepEqual(
          forwards.map(({ id, kind, from, to }) => [id, opposite[kind] ?? kind, to, from]).toSorted(),
          backwards.map(({ id, kind, from, to }) => [id, kind, from, to]).toSorted(),
        )
      }),
    )
  })

  it('gives every change an id of its own', () => {
    fc.assert(
      fc.property(facts, facts, (a, b) => {
        const ids = (diff(toFacts(a), toFacts(b))?.changes ?? []).map(({ id }) => id)
        assert.equal(new Set(ids).size, ids.length)
      }),
    )
  })
})
