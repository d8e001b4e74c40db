/** Returns a share (0–100) with one decimal at most: `71.3%`, `70%`. */
export const formatPercent = (percent: number): string => `${Number(percent.toFixed(1))}%`
