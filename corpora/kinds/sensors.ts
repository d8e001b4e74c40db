import type { FruDevice } from '../../src/collect/formats/ipmi/fru.ts'
import type { SdrSensor } from '../../src/collect/formats/ipmi/sdr.ts'
import { readingOf, type SensorChip } from '../../src/collect/formats/lm-sensors.ts'
import { readSensorRecording } from '../../src/collect/recordings/sensor-recording.ts'
import type { CorpusKind, Facts } from '../corpus-kind.ts'
import { expectedFiles } from '../read-corpus.ts'
import { scoreFacts } from '../score-facts.ts'

const sensorFacts = ({ name, value, unit, status }: SdrSensor) => ({ name, value, unit, status })

const fruFacts = ({ description, fields }: FruDevice) => ({
  desc: description,
  board_mfg: fields.get('Board Mfg') ?? null,
  board_product: fields.get('Board Product') ?? null,
  product_name: fields.get('Product Name') ?? null,
  product_manufacturer: fields.get('Product Manufacturer') ?? null,
  product_serial: fields.get('Product Serial') ?? null,
})

const chipFacts = ({ name, features }: SensorChip) => ({
  chip: name,
  readings: features.flatMap((feature) => {
    const reading = readingOf(feature)
    return reading === null ? [] : [{ label: feature.label, value: reading[1], field: reading[0] }]
  }),
})

function factsOf(contents: string): Facts {
  const recording = readSensorRecording(contents)
  switch (recording?.format) {
    case 'ipmi_sdr':
      return recording.layout === 'blocks'
        ? { tool: 'ipmitool sdr -v', sensors: recording.sensors.map(sensorFacts) }
        : { tool: 'ipmitool', rows: recording.sensors.map(sensorFacts) }
    case 'ipmi_fru':
      return {
        tool: 'ipmitool fru',
        records: recording.devices.length,
        items: recording.devices.map(fruFacts),
      }
    case 'lm_sensors':
      return { tool: 'sensors -u', chips: recording.chips.map(chipFacts) }
    case 'nvme_list':
      return { tool: 'nvme list', device_paths: recording.devicePaths }
    case 'nvme_smart_log':
      return {
        tool: 'nvme smart-log',
        temperature_k: recording.log.temperatureKelvin,
        percent_used: recording.log.usedPercent,
        critical_warning: recording.log.criticalWarning,
        media_errors: recording.log.mediaErrors,
        power_on_hours: recording.log.powerOnHours,
      }
    case undefined:
      return {}
  }
}

/** `ipmitool sdr` in its forms, `ipmitool fru`, `sensors -u`, and `nvme` as JSON. */
export const sensorsKind: CorpusKind = {
  kind: 'sensors',
  files: expectedFiles,
  answer: factsOf,
  score(expected, answers) {
    const { accuracy, mistakes } = scoreFacts(expected, answers, (file) =>
      Object.keys(expected.get(file) ?? {}),
    )
    return { metrics: { facts: accuracy }, mistakes }
  },
}
