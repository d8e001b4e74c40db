const DATE_KEY = '$date'

/**
 * Returns JSON in which dates survive: a Date becomes `{"$date": "<ISO 8601 UTC>"}`.
 * Meant for our own database columns, not for the web.
 */
export function encodeTypedJson(value: unknown): string {
  return JSON.stringify(value, function (this: unknown, key, current) {
    const original = (this as Record<string, unknown>)[key]
    return original instanceof Date ? { [DATE_KEY]: original.toISOString() } : current
  })
}

/** Returns the value that {@link encodeTypedJson} wrote. Throws SyntaxError on text that is not JSON. */
export function decodeTypedJson(json: string): unknown {
  return JSON.parse(json, (_key, current: unknown) => {
    if (typeof current !== 'object' || current === null) return current
    const iso = (current as Record<string, unknown>)[DATE_KEY]
    return typeof iso === 'string' && Object.keys(current).length === 1 ? new Date(iso) : current
  })
}
