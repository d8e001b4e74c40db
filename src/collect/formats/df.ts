import { parseCount } from './count.ts'
import { linesOf } from './lines.ts'

/** One row of `df -P -k` (counts of 1024 bytes) or of `df -P -i` (inodes): both have the same columns. */
export interface DfRow {
  readonly source: string
  readonly total: number
  readonly used: number
  readonly available: number
  /** As df prints it; null for `-`. */
  readonly usedPercent: number | null
  readonly mount: string
}

/**
 * Returns the rows of POSIX df output (IEEE Std 1003.1, df -P). Source and mount point may hold spaces: the row is read
 * from its percent column, which alone is a number with `%` (or `-`) before a path. Header and odd lines are left out.
 */
export function parseDf(text: string): readonly DfRow[] {
  return linesOf(text).flatMap((line) => {
    const words = [...line.matchAll(/\S+/g)]
    for (let at = 4; at < words.length - 1; at += 1) {
      const percent = words[at]?.[0] ?? ''
      const mountWord = words[at + 1]
      if (!/^(?:\d{1,4}%|-)$/.test(percent) || !mountWord?.[0].startsWith('/')) continue
      const [total, used, available] = [at - 3, at - 2, at - 1].map((index) => parseCount(words[index]?.[0]))
      const sourceEnd = words[at - 3]?.index ?? 0
      // Negative "available" (the reserve is in use) is none.
      const free = available ?? (/^-\d{1,15}$/.test(words[at - 1]?.[0] ?? '') ? 0 : null)
      if (total == null || used == null || free == null) continue
      const usedPercent = percent === '-' ? null : Number(percent.slice(0, -1))
      const source = line.slice(0, sourceEnd).trim()
      return [
        { source, total, used, available: free, usedPercent, mount: line.slice(mountWord.index).trimEnd() },
      ]
    }
    return []
  })
}
