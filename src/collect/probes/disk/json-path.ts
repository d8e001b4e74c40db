/** Returns what stands at the path in a foreign JSON document; undefined where there is nothing. */
export function at(document: unknown, ...path: readonly string[]): unknown {
  let value = document
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    // An object with this own key; what is behind it stays unknown.
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/** Returns the finite number at the path, or null. */
export function finiteAt(document: unknown, ...path: readonly string[]): number | null {
  const value = at(document, ...path)
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Returns the text at the path, trimmed, or null for anything else and for blanks. */
export function textAt(document: unknown, ...path: readonly string[]): string | null {
  const value = at(document, ...path)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}
