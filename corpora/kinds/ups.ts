import { readUpsRecording } from '../../src/collect/recordings/ups-recording.ts'
import type { CorpusKind, Facts } from '../corpus-kind.ts'
import { expectedFiles } from '../read-corpus.ts'
import { scoreFacts } from '../score-facts.ts'

function factsOf(contents: string): Facts {
  const ups = readUpsRecording(contents)
  if (ups === null) return {}
  const common = {
    tool: ups.tool,
    charge_pct: ups.chargePercent,
    runtime_s: ups.runtimeSeconds,
    load_pct: ups.loadPercent,
    model: ups.model,
  }
  if (ups.tool === 'apcaccess') return { ...common, status: ups.status?.join(' ') ?? null }
  return {
    ...common,
    status: ups.status,
    on_battery: ups.onBattery,
    low_battery: ups.lowBattery,
    replace_battery: ups.replaceBattery,
    input_v: ups.inputVolts,
    mfr: ups.manufacturer,
  }
}

/** `upsc` of NUT and `apcaccess` of apcupsd. */
export const upsKind: CorpusKind = {
  kind: 'ups',
  files: expectedFiles,
  answer: factsOf,
  score(expected, answers) {
    const { accuracy, mistakes } = scoreFacts(expected, answers, (file) =>
      Object.keys(expected.get(file) ?? {}),
    )
    return { metrics: { facts: accuracy }, mistakes }
  },
}
