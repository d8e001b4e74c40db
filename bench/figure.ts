/** One line of a benchmark: what we did, what the baseline did in the same run, and whether that is enough. */
export interface Figure {
  /** Dotted name, `ssh.held.vs_clush`. */
  readonly figure: string
  readonly ours: number
  /** Null where there is none to compare with, or it could not be had: then `missing` says why. */
  readonly baseline: number | null
  /** Larger is better, whatever the unit; null without a baseline. */
  readonly ratio: number | null
  readonly bar: number
  /** Null when it cannot be told. */
  readonly holds: boolean | null
  readonly missing?: string
}

const rounded = (value: number): number => Number(value.toPrecision(4))

/** A rate: more is better. */
export const rateFigure = (figure: string, ours: number, baseline: number, bar: number): Figure => ({
  figure,
  ours: rounded(ours),
  baseline: rounded(baseline),
  ratio: rounded(ours / baseline),
  bar,
  holds: ours / baseline >= bar,
})

/** A duration, a size or a cost: less is better, and the ratio says how many times less than the baseline. */
export const costFigure = (figure: string, ours: number, baseline: number, bar: number): Figure => ({
  figure,
  ours: rounded(ours),
  baseline: rounded(baseline),
  ratio: rounded(baseline / ours),
  bar,
  holds: baseline / ours >= bar,
})

/** A cost against a fixed limit: the limit stands in for the baseline, so that the bar is 1. */
export const limitFigure = (figure: string, ours: number, limit: number): Figure =>
  costFigure(figure, ours, limit, 1)

/** A figure whose baseline could not be had here; it is never guessed. */
export const missingFigure = (figure: string, ours: number, bar: number, missing: string): Figure => ({
  figure,
  ours: rounded(ours),
  baseline: null,
  ratio: null,
  bar,
  holds: null,
  missing,
})

/** Returns the middle one, of an even number the lower. Throws RangeError for none. */
export function median(values: readonly number[]): number {
  const middle = [...values].sort((a, b) => a - b)[(values.length - 1) >> 1]
  if (middle === undefined) throw new RangeError('no values to take the median of')
  return middle
}

/** Returns how many milliseconds the work takes. */
export async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}
