import type { Text } from './text.ts'

/** One thing wrong with a field of an input. */
export interface FieldProblem {
  /** Name of the field as callers write it, snake_case. */
  readonly field: string
  /** JSON of what was found, at most 120 characters. */
  readonly found: string
  readonly allowed: Text
}
