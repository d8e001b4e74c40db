/** A bounded number of permits, given in the order in which they were asked for. */
export interface Permits {
  /** Resolves with the function that gives the permit back (once), or with null when the signal aborts first. */
  take(signal: AbortSignal): Promise<(() => void) | null>
}

/** Returns `count` permits, at least one. */
export function createPermits(count: number): Permits {
  let free = Math.max(1, count)
  const waiting: (() => void)[] = []
  const giveBack = (): (() => void) => {
    let isGivenBack = false
    return () => {
      if (isGivenBack) return
      isGivenBack = true
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
  return {
    take(signal) {
      if (signal.aborted) return Promise.resolve(null)
      if (free > 0) {
        free -= 1
        return Promise.resolve(giveBack())
      }
      return new Promise((resolve) => {
        const onTurn = (): void => {
          signal.removeEventListener('abort', onAbort)
          resolve(giveBack())
        }
        const onAbort = (): void => {
          waiting.splice(waiting.indexOf(onTurn), 1)
          resolve(null)
        }
        signal.addEventListener('abort', onAbort, { once: true })
        waiting.push(onTurn)
      })
    },
  }
}

/** Resolves with the promise's value, or with null as soon as the signal aborts; the promise then goes on unheard. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve(null)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** Resolves after the time, or at once when the signal aborts. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const onAbort = (): void => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, delayMs)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}
