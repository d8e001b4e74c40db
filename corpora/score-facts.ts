import { isDeepStrictEqual } from 'node:util'
import type { FactsByFile, Json, Mistake } from './corpus-kind.ts'

/** Share of right fields, and the wrong ones. */
export interface FactScore {
  /** Null when there was no field to compare. */
  readonly accuracy: number | null
  readonly mistakes: readonly Mistake[]
}

/** How fields are compared, where equality would be too strict: true when what was got is right. */
export type FieldRule = (expected: Json, got: Json, file: string) => boolean

/**
 * Returns the share of fields over all files whose answer is what was expected. A field that an answer leaves out is
 * null; null must be answered with null, for an invented value is an error. A file without an answer
 * has null everywhere. Same as `fact_accuracy` of the corpora's own `score.py`.
 */
export function scoreFacts(
  expected: FactsByFile,
  answers: FactsByFile,
  fieldsOf: (file: string) => readonly string[],
  rules: Readonly<Record<string, FieldRule>> = {},
): FactScore {
  const mistakes: Mistake[] = []
  let count = 0
  for (const [file, facts] of expected) {
    const answer = answers.get(file)
    for (const field of fieldsOf(file)) {
      count += 1
      const [wanted, got] = [facts[field] ?? null, answer?.[field] ?? null]
      const right = isDeepStrictEqual(wanted, got) || (rules[field]?.(wanted, got, file) ?? false)
      if (!right) mistakes.push({ file, field, expected: wanted, got })
    }
  }
  return { accuracy: count === 0 ? null : (count - mistakes.length) / count, mistakes }
}
