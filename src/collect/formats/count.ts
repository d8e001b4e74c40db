/** Returns a whole number from 0 of at most 15 digits (exact in a double), or null for anything else. */
export const parseCount = (word: string | undefined): number | null =>
  word !== undefined && /^\d{1,15}$/.test(word) ? Number(word) : null

/** Returns a decimal number with an optional sign, or null for anything else. */
export const parseDecimal = (word: string | undefined): number | null =>
  word !== undefined && /^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(word) ? Number(word) : null
