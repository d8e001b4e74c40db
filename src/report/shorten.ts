/** Returns the text, or its first `maxCharacters - 1` characters (never half a character) and `…` when it is longer. */
export function shorten(long: string, maxCharacters: number): string {
  if (long.length <= maxCharacters) return long
  const characters = Array.from(long.slice(0, maxCharacters * 2))
  if (characters.length <= maxCharacters && long.length <= maxCharacters * 2) return long
  return `${characters.slice(0, maxCharacters - 1).join('')}…`
}
