/** No line of any format read here is longer; hostile ones are cut so that every parser stays linear and quick. */
const MAX_LINE_LENGTH = 4_096

/** Returns the lines of a text without their ends, each cut at 4,096 characters. */
export const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => (line.length > MAX_LINE_LENGTH ? line.slice(0, MAX_LINE_LENGTH) : line).replace(/\r$/, ''))

/** Returns `[before, after]` the first `separator`, both trimmed, or null when the line has none. */
export function splitPair(line: string, separator: string): readonly [string, string] | null {
  const at = line.indexOf(separator)
  return at < 0 ? null : [line.slice(0, at).trim(), line.slice(at + separator.length).trim()]
}
