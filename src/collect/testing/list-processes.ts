import { readdirSync, readFileSync } from 'node:fs'

/** Returns the ids of living processes whose command line holds the text. */
export function processesWith(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(text)
      } catch (error) {
        if (error instanceof Error && 'code' in error) return false
        throw error
      }
    })
    .map(Number)
}

/** Waits until no process with the text is left, at most 3 s; returns those that are. SIGKILL takes effect a moment later. */
export async function waitForNone(text: string): Promise<readonly number[]> {
  for (let left = 60; left > 0 && processesWith(text).length > 0; left -= 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
  return processesWith(text)
}
