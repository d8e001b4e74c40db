const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, one]) => [String(key), plain(one)]))
  if (Array.isArray(value)) return value.map(plain)
  return typeof value === 'object' && value !== null ? plainFacts(value) : value
}

/** Returns facts as a result shows them: fields in snake_case, instants in UTC, maps as objects with their own keys. */
export const plainFacts = (facts: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [snakeCase(name), plain(value)]))
