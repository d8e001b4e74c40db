/** Longest name that is compared; a longer one is no typing mistake. */
const COMPARED_CHARS = 64

/** Returns the number of single-character edits, swaps of neighbours included, between two short strings. O(a·b). */
function editDistance(a: string, b: string): number {
  let beforePrevious: readonly number[] = []
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (beforePrevious[j - 2] ?? Infinity) + 1 : Infinity
      row.push(Math.min(replaced, swapped, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    beforePrevious = previous
    previous = row
  }
  return previous[b.length] ?? 0
}

const plain = (name: string): string => name.toLowerCase().replace(/[-_.\s]/g, '')

/**
 * Returns the known name that was most likely meant, or null when none is near: case, `_`, `-` and `.` are
 * disregarded, and up to a third of the letters (at most three) may differ.
 */
export function suggestName(found: string, known: readonly string[]): string | null {
  if (found.length > COMPARED_CHARS) return null
  const wanted = plain(found)
  let best: { readonly name: string; readonly distance: number } | null = null
  for (const name of known) {
    const candidate = plain(name)
    const distance = editDistance(wanted, candidate)
    const most = Math.min(3, Math.floor(Math.max(wanted.length, candidate.length) / 3))
    if (distance <= most && (best === null || distance < best.distance)) best = { name, distance }
  }
  return best?.name ?? null
}
