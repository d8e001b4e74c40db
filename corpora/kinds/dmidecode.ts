import { readDmidecodeRecording } from '../../src/collect/recordings/dmidecode.ts'
import type { CorpusKind, Facts, FactsByFile, Json } from '../corpus-kind.ts'
import { isFacts } from '../corpus-kind.ts'
import { expectedFiles } from '../read-corpus.ts'
import { scoreFacts } from '../score-facts.ts'

/** Scored apart, or not stated by the input: oddities are remarks, `memory_unscored` is a note to the scorer. */
const NOT_FIELDS: ReadonlySet<string> = new Set(['dimms', 'oddities', 'memory_unscored'])
const MEMORY_FIELDS = /^(?:slots_|installed_mb$|other_devices$|legacy_type6$)/
/** What makes a module the same one. */
const MODULE_KEY = ['locator', 'size_mb', 'type', 'speed_mts'] as const

const listOf = (value: Json | undefined): readonly Facts[] =>
  Array.isArray(value) ? value.filter(isFacts) : []

const fieldsOf = (facts: Facts): readonly string[] =>
  Object.keys(facts).filter(
    (field) => !NOT_FIELDS.has(field) && !('memory_unscored' in facts && MEMORY_FIELDS.test(field)),
  )

/** Number of populated modules by what identifies them. */
function modulesOf(facts: Facts | undefined): ReadonlyMap<string, number> {
  const populated = listOf(facts?.['dimms']).filter(({ state }) => state === 'populated')
  const groups = Map.groupBy(populated, (module) =>
    JSON.stringify(MODULE_KEY.map((name) => module[name] ?? null)),
  )
  return new Map([...groups].map(([key, modules]) => [key, modules.length]))
}

/** Precision and recall of populated modules as a multiset per machine, summed (`dimm_prf` of `score.py`). */
function scoreModules(expected: FactsByFile, answers: FactsByFile): { precision: number; recall: number } {
  const totals = { right: 0, expected: 0, got: 0 }
  const total = (counts: ReadonlyMap<string, number>): number =>
    [...counts.values()].reduce((a, b) => a + b, 0)
  for (const [file, facts] of expected) {
    const [wanted, got] = [modulesOf(facts), modulesOf(answers.get(file))]
    for (const [key, count] of wanted) totals.right += Math.min(count, got.get(key) ?? 0)
    totals.expected += total(wanted)
    totals.got += total(got)
  }
  return {
    precision: totals.right / Math.max(1, totals.got),
    recall: totals.right / Math.max(1, totals.expected),
  }
}

/** `dmidecode` text. */
export const dmidecodeKind: CorpusKind = {
  kind: 'dmidecode',
  files: expectedFiles,
  answer: readDmidecodeRecording,
  score: (expected, answers) => {
    const { accuracy, mistakes } = scoreFacts(expected, answers, (file) => fieldsOf(expected.get(file) ?? {}))
    const { precision, recall } = scoreModules(expected, answers)
    return { metrics: { facts: accuracy, dimm_precision: precision, dimm_recall: recall }, mistakes }
  },
}
