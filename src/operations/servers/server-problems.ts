import { AppError } from '../../domain/errors.ts'
import type { FieldProblem } from '../../domain/field-problem.ts'
import { text } from '../../domain/text.ts'
import { showFound } from './check-server-fields.ts'

/**
 * Throws INPUT_INVALID naming each field, the value found (as the caller wrote it) and what is allowed; does nothing
 * without problems.
 */
export function refuseProblems(
  problems: readonly FieldProblem[],
  input: Readonly<Record<string, unknown>> = {},
): void {
  if (problems.length === 0) return
  const issues = problems.map((problem) => {
    const written = input[problem.field]
    return written === undefined ? problem : { ...problem, found: showFound(written) }
  })
  const zh = issues.map(({ field, found, allowed }) => `${field}:收到 ${found},允许 ${allowed.zh}`)
  const en = issues.map(({ field, found, allowed }) => `${field}: found ${found}, allowed is ${allowed.en}`)
  throw new AppError('INPUT_INVALID', text(zh.join(';'), en.join('; ')), { details: { issues } })
}
