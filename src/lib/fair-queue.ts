import PQueue from 'p-queue'

/** A task that runs longer than this no longer keeps others from their turn. */
const SLOW_AFTER_MS = 5_000

/** What a task does while it waits for its turn. */
interface Waiting<T> {
  readonly signal: AbortSignal
  /** What the task comes to when the signal aborts before its turn. */
  readonly otherwise: () => T
}

/** Runs tasks in the order in which they came, a bounded number at a time, fair to what is behind slow ones. */
export interface FairQueue {
  /** Settles as the task does. Rejects with an AbortError when the queue is cleared before its turn. */
  add<T>(task: () => Promise<T>, waiting?: Waiting<T>): Promise<T>
  /** Leaves out what has not begun. */
  clear(): void
  /** Resolves when nothing waits or runs, slow tasks included. */
  onIdle(): Promise<void>
}

/**
 * Returns a queue of `concurrency` places. A task that has run for `slowAfterMs` gives its place to the next one, as long
 * as fewer than `concurrency` such slow tasks run: so at most 2 × `concurrency` run at a time, and it takes `concurrency`
 * hanging ones before anybody waits for their deadlines.
 */
export function createFairQueue(concurrency: number, slowAfterMs = SLOW_AFTER_MS): FairQueue {
  const places = new PQueue({ concurrency })
  const slowPlaces = new PQueue({ concurrency })
  /** Resolves when the task has ended, or is slow and has found a place among the slow ones. */
  const leavesPlace = (ended: Promise<unknown>): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        void slowPlaces.add(async () => {
          resolve()
          await ended
        })
      }, slowAfterMs)
      void ended.then(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  return {
    add: (task, waiting) =>
      new Promise((resolve, reject) => {
        let hasBegun = false
        const turn = places.add(
          async () => {
            hasBegun = true
            const running = task()
            running.then(resolve, reject)
            await leavesPlace(Promise.allSettled([running]))
          },
          waiting === undefined ? {} : { signal: waiting.signal },
        )
        turn.catch((error: unknown) => {
          if (!hasBegun && waiting?.signal.aborted === true) resolve(waiting.otherwise())
          else reject(error)
        })
      }),
    clear: () => places.clear(),
    async onIdle() {
      await places.onIdle()
      await slowPlaces.onIdle()
    },
  }
}
