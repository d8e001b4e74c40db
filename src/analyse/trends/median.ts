/**
 * Returns the median of the first `length` numbers, or null when there are none. Reorders `numbers`.
 * Quickselect (Hoare's FIND, 1961): O(n) on average, and no allocation.
 */
export function medianInPlace(numbers: Float64Array, length: number = numbers.length): number | null {
  if (length === 0) return null
  const upper = selectInPlace(numbers, length, length >> 1)
  if (length % 2 === 1) return upper
  let lower = Number.NEGATIVE_INFINITY
  for (let index = 0; index < length >> 1; index += 1) lower = Math.max(lower, numbers[index] ?? lower)
  return (lower + upper) / 2
}

/** Returns the median of the numbers, or null when there are none. Leaves them as they are. */
export const median = (numbers: readonly number[]): number | null => medianInPlace(Float64Array.from(numbers))

function selectInPlace(numbers: Float64Array, length: number, rank: number): number {
  let left = 0
  let right = length - 1
  while (left < right) {
    const pivot = numbers[(left + right) >> 1] ?? 0
    let low = left
    let high = right
    while (low <= high) {
      while ((numbers[low] ?? pivot) < pivot) low += 1
      while ((numbers[high] ?? pivot) > pivot) high -= 1
      if (low > high) break
      const swapped = numbers[low] ?? 0
      numbers[low] = numbers[high] ?? 0
      numbers[high] = swapped
      low += 1
      high -= 1
    }
    if (rank <= high) right = high
    else if (rank >= low) left = low
    else break
  }
  return numbers[rank] ?? 0
}
