import type { SectionOutcome } from '../domain/outcome.ts'
import { absence } from './classify-section.ts'
import type { RawOutcome, RawSection } from './probe.ts'

/** What a parser says of an output: a value, that there is nothing to read, or why it cannot read it. */
export type Parsed<T> =
  | { readonly value: T }
  | { readonly absent: 'no_data' | 'unsupported' | 'denied' | 'unparseable'; readonly why: string }

/**
 * Returns the section's outcome: an absence as it is, else what `parse` makes of the output. A parser that throws is a
 * defect of ours, yet one odd server must not stop a fleet: it becomes `unparseable` with the error's message.
 */
export function parseSection<T>(
  raw: RawOutcome | undefined,
  command: string,
  parse: (section: RawSection) => Parsed<T>,
): SectionOutcome<T> {
  if (raw === undefined)
    return absence('no_data', command, { exitCode: null, stderr: 'the section was not run' })
  if (raw.status !== 'ok') return raw
  const { exitCode, stderr } = raw.value
  let parsed: Parsed<T>
  try {
    parsed = parse(raw.value)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return absence('unparseable', command, { exitCode, stderr: `parser failed: ${message}` })
  }
  if ('value' in parsed) return { status: 'ok', value: parsed.value }
  return absence(parsed.absent, command, {
    exitCode,
    stderr: [parsed.why, stderr].filter(Boolean).join('\n'),
  })
}

/** Shorthand for an output that has not the expected form. */
export const unparseable = (why: string): { readonly absent: 'unparseable'; readonly why: string } => ({
  absent: 'unparseable',
  why,
})
