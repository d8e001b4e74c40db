/** The time source. Passed in, so that tests decide what time it is. */
export interface Clock {
  /** Returns the present instant (UTC). */
  now(): Date
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date() }
