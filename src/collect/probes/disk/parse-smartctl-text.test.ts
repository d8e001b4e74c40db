import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readSmartctl, readSmartctlScan } from './parse-smartctl.ts'
import { groupedNumber } from './smartctl-text-fields.ts'

const read = (...lines: readonly string[]) => readSmartctl('/dev/sda', lines.join('\n'))

const NVME = [
  'smartctl 7.3 2022-02-28 r5338',
  'Model Number:                       EXAMPLE NVME',
  'Total NVM Capacity:                 1\u202F000\u202F204\u202F886\u202F016 [1,00 TB]',
  'NVMe Version:                       1.4',
  'Critical Comp. Temp. Threshold:     85 Celsius',
  'SMART overall-health self-assessment test result: FAILED!',
  '- available spare has fallen below threshold',
  'Critical Warning:                   0x09',
  'Temperature:                        47 Celsius',
  'Available Spare:                    4%',
  'Available Spare Threshold:          10%',
  'Percentage Used:                    112%',
  'Data Units Written:                 16\u2019829\u2019004 [8,61 TB]',
  'Power Cycles:                       10\uFFFD779',
  'Power On Hours:                     1.290',
  'Unsafe Shutdowns:                   9',
  'Media and Data Integrity Errors:    3',
  'Error Information Log Entries:      979',
]

describe('smartctl text', () => {
  it('reads digits grouped in any locale, and nothing from garbled ones', () => {
    const numbers: readonly (readonly [string, number | null])[] = [
      ['500,107,862,016 bytes [500 GB]', 500_107_862_016],
      ['12 000 138 625 024 bytes', 12_000_138_625_024],
      ["1'000'204 [x]", 1_000_204],
      ['1\u00A0290', 1_290],
      ['16829004', 16_829_004],
      ['31', 31],
      ['300,$00,000,000 bytes', null],
      ['31.5', null],
      ['-', null],
      ['', null],
    ]
    for (const [words, expected] of numbers) assert.equal(groupedNumber(words), expected, words)
  })

  it('reads NVMe', () => {
    const drive = read(...NVME)
    assert.deepEqual(
      [drive.protocol, drive.healthPassed, drive.nvmeCriticalWarning, drive.wearPercent, drive.mediaErrors],
      ['NVMe', false, 9, 112, 3],
    )
    assert.deepEqual(
      [drive.capacityBytes, drive.powerOnHours, drive.temperatureCelsius],
      [1_000_204_886_016, 1_290, 47],
    )
    const { details } = drive
    assert.deepEqual(
      [details?.powerCycles, details?.availableSparePercent, details?.availableSpareThresholdPercent],
      [10_779, 4, 10],
    )
    assert.deepEqual(
      [details?.bytesWritten, details?.unsafeShutdowns, details?.temperatureCriticalCelsius],
      [16_829_004 * 512_000, 9, 85],
    )
  })

  it('never takes silence for health', () => {
    const identity = read('Device Model:     EXAMPLE', 'Serial Number:    X', 'SMART support is: Enabled')
    assert.deepEqual([identity.protocol, identity.healthPassed], ['ATA', null])
    const unknown = read(
      'Device Model: EXAMPLE',
      'SMART overall-health self-assessment test result: UNKNOWN!',
    )
    assert.equal(unknown.healthPassed, null)
    assert.equal(read('').details?.access, 'no_answer')
  })

  it('tells a sleeping drive from one that did not open', () => {
    assert.equal(read('smartctl 7.4', 'Device is in STANDBY mode, exit(2)').details?.access, 'asleep')
    const closed = read('smartctl 7.2', 'Smartctl open device: /dev/sdz failed: No such device')
    assert.equal(closed.details?.access, 'not_opened')
    assert.match(closed.details?.message ?? '', /No such device/)
    const json = JSON.stringify({ smartctl: { messages: [{ string: 'Device is in SLEEP mode, exit(2)' }] } })
    assert.equal(read(json).details?.access, 'asleep')
  })

  it('takes a SAS status other than OK for failing', () => {
    const sas = (status: string) =>
      read('Vendor:               EXAMPLE', 'Product:              SAS', `SMART Health Status: ${status}`)
    assert.equal(sas('OK').healthPassed, true)
    assert.equal(sas('FIRMWARE IMPENDING FAILURE [asc=5d, ascq=60]').healthPassed, false)
    assert.equal(sas('OK').model, 'EXAMPLE SAS')
  })

  it('decides by the thresholds where the column WHEN_FAILED is cut off', () => {
    const drive = read(
      '  5 Reallocated_Sector_Ct   0x0033   010   010   036',
      '  7 Seek_Error_Rate         0x000f   080   020   030    Pre-fail',
      '  9 Power_On_Hours          0x0032   001   001   000    Old_age   Always',
    )
    assert.deepEqual(drive.failingAttributes, ['Reallocated_Sector_Ct'])
    assert.deepEqual(drive.pastFailedAttributes, ['Seek_Error_Rate'])
    assert.equal(drive.reallocatedSectors, null)
  })

  it('says failing where only the exit status does', () => {
    assert.equal(read(JSON.stringify({ smartctl: { exit_status: 8 }, model_name: 'X' })).healthPassed, false)
    assert.equal(read(JSON.stringify({ smartctl: { exit_status: 64 }, model_name: 'X' })).healthPassed, null)
  })
})

describe('smartctl --scan', () => {
  it('reads JSON and text alike', () => {
    const text =
      '/dev/sda -d sat # /dev/sda [SAT], ATA device\n/dev/bus/0 -d megaraid,1 # /dev/bus/0 [megaraid_disk_01], SCSI device\n# /dev/sdb -d usbjmicron # cannot open\n'
    const json = JSON.stringify({
      devices: [
        { name: '/dev/sda', type: 'sat', protocol: 'ATA' },
        { name: '/dev/bus/0', type: 'megaraid,1', protocol: 'SCSI' },
      ],
    })
    assert.deepEqual(readSmartctlScan(text), readSmartctlScan(json))
    assert.equal(readSmartctlScan('smartctl 7.3'), null)
  })
})
