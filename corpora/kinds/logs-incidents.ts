import { join } from 'node:path'
import { findIncidents } from '../../src/analyse/known-failures/find-incidents.ts'
import { linesOf } from '../../src/collect/formats/lines.ts'
import { parseOomKills } from '../../src/collect/probes/memory/parse-oom-kills.ts'
import { readKnownFailures } from '../../src/config/knowledge-failures.ts'
import { SEVERITIES } from '../../src/domain/finding.ts'
import type { KnownFailure } from '../../src/domain/known-failure.ts'
import type { CorpusKind, Facts, FactsByFile, Json, Mistake, Score } from '../corpus-kind.ts'
import { isFacts } from '../corpus-kind.ts'
import { readExpected } from '../read-corpus.ts'

/** Part of the kind's folder, and of its `expected.json`, whose files are labelled with incidents. */
const LABELLED = 'kernel'
const KNOWLEDGE = join(import.meta.dirname, '..', '..', 'knowledge', 'failures')

let catalogue: readonly KnownFailure[] | null = null

function knownFailures(): readonly KnownFailure[] {
  catalogue ??= readKnownFailures([KNOWLEDGE])
  return catalogue
}

/** Facts of the labelled files by path below the kind's folder. */
function labelledFacts(expected: FactsByFile): ReadonlyMap<string, Facts> {
  const entries = Object.entries(expected.get(LABELLED) ?? {})
  return new Map(entries.flatMap(([file, facts]) => (isFacts(facts) ? [[`${LABELLED}/${file}`, facts]] : [])))
}

function oomFacts(contents: string): Facts | null {
  const parsed = parseOomKills({ stdout: `\n@@ log\n${contents}`, stderr: '', exitCode: 0 })
  const kill = 'value' in parsed ? parsed.value.kills.at(-1) : undefined
  return kill === undefined ? null : { pid: kill.pid, process: kill.victim, container: kill.cgroup }
}

function answer(contents: string): Facts {
  const incidents = findIncidents(linesOf(contents), knownFailures())
  const bySeverity = incidents.toSorted(
    (a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity),
  )
  const sorts = [...new Set(bySeverity.map(({ failure }) => failure.sort))]
  const oom = sorts.includes('oom_kill') ? oomFacts(contents) : null
  return { class: sorts[0] ?? 'none', all_matching: sorts, ...(oom !== null && { oom }) }
}

const sortsOf = (facts: Facts | undefined): readonly Json[] => {
  const sorts = facts?.['all_matching']
  return Array.isArray(sorts) ? sorts : []
}

/**
 * `incidents_found` is the share of labelled incidents that were found, `incidents_invented` the share of what was
 * answered that is not labelled.
 */
function score(expected: FactsByFile, answers: FactsByFile): Score {
  const totals = { expected: 0, found: 0, answered: 0, invented: 0 }
  const mistakes: Mistake[] = []
  for (const [file, facts] of labelledFacts(expected)) {
    const [wanted, got] = [sortsOf(facts), sortsOf(answers.get(file))]
    const found = wanted.filter((sort) => got.includes(sort)).length
    const invented = got.filter((sort) => !wanted.includes(sort)).length
    totals.expected += wanted.length
    totals.found += found
    totals.answered += got.length
    totals.invented += invented
    if (found < wanted.length || invented > 0)
      mistakes.push({ file, field: 'all_matching', expected: wanted, got })
  }
  return {
    metrics: {
      incidents_found: totals.expected === 0 ? null : totals.found / totals.expected,
      incidents_invented: totals.answered === 0 ? null : totals.invented / totals.answered,
    },
    mistakes,
  }
}

/** Logs of kernels: which incidents they tell of. */
export const logsKind: CorpusKind = {
  kind: 'logs',
  files: (folder) => [...labelledFacts(readExpected(folder)).keys()],
  answer,
  score,
}
