import { redactFields } from '../lib/redact.ts'

const MAX_AUDIT_INPUT = 8_000

/** Returns the JSON of an input as an audit row keeps it: secrets gone, at most 8,000 characters. */
export function redactInput(input: unknown): string {
  const json = JSON.stringify(redactFields(input ?? {})) ?? '{}'
  return json.length > MAX_AUDIT_INPUT ? `${json.slice(0, MAX_AUDIT_INPUT - 1)}…` : json
}
