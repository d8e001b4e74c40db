import { redactFields } from '../lib/redact.ts'

const MAX_AUDIT_INPUT = 8_000

/** Content of files, which may hold passwords that no mask would find in base64: only its length is kept. */
const withoutFiles = (input: unknown): unknown =>
  typeof input === 'object' && input !== null && !Array.isArray(input)
    ? Object.fromEntries(
        Object.entries(input).map(([key, value]) => [
          key,
          key.endsWith('_base64') && typeof value === 'string'
            ? `${value.length} characters of base64`
            : value,
        ]),
      )
    : input

/** Returns the JSON of an input as an audit row keeps it: secrets and files gone, at most 8,000 characters. */
export function redactInput(input: unknown): string {
  const json = JSON.stringify(redactFields(withoutFiles(input ?? {}))) ?? '{}'
  return json.length > MAX_AUDIT_INPUT ? `${json.slice(0, MAX_AUDIT_INPUT - 1)}…` : json
}
