/** Anything that JSON can say, as `expected.json` holds it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** The facts of one input. */
export type Facts = { readonly [name: string]: Json }

/** Returns whether a value is an object of named values. */
export const isFacts = (value: Json | undefined): value is Facts =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** File (path below the kind's folder) → facts. */
export type FactsByFile = ReadonlyMap<string, Facts>

/** One field that is not what was expected. */
export interface Mistake {
  readonly file: string
  readonly field: string
  readonly expected: Json
  readonly got: Json
}

/** What came of comparing answers with `expected.json`. */
export interface Score {
  /** Name → value. Ratios are 0–1, except names that say otherwise; null where nothing could be counted. */
  readonly metrics: Readonly<Record<string, number | null>>
  readonly mistakes: readonly Mistake[]
}

/** One kind of data of a corpora folder: how we answer an input, and how the answers are scored. */
export interface CorpusKind {
  /** Name of the folder. */
  readonly kind: string
  /** Inputs below the kind's folder, in a stable order. Throws when the folder or its list cannot be read. */
  files(folder: string): readonly string[]
  /** Facts in the shape of the kind's `expected.json`. Is given contents only, never a name. */
  answer(contents: string): Facts
  /** Answers has no entry for a file that is missing or whose answer threw. */
  score(expected: FactsByFile, answers: FactsByFile): Score
}
