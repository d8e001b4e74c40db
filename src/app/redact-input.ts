import { redactFields } from '../lib/redact.ts'

const MAX_AUDIT_INPUT = 8_000

/** Content of files and recordings, which may hold passwords that no mask would find: only its length is kept. */
const withoutFiles = (input: unknown): unknown =>
  typeof input === 'object' && input !== null && !Array.isArray(input)
    ? Object.fromEntries(
        Object.entries(input).map(([key, value]) => {
          if (typeof value !== 'string') return [key, value]
          if (key === 'recorded_text') return [key, `${value.length} characters`]
          return [key, key.endsWith('_base64') ? `${value.length} characters of base64` : value]
        }),
      )
    : input

/** Returns the JSON of an input as an audit row keeps it: secrets and files gone, at most 8,000 characters. */
export function redactInput(input: unknown): string {
  const json = JSON.stringify(redactFields(withoutFiles(input ?? {}))) ?? '{}'
  return json.length > MAX_AUDIT_INPUT ? `${json.slice(0, MAX_AUDIT_INPUT - 1)}…` : json
}
