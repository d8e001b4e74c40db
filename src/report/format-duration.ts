import type { Language } from '../domain/text.ts'

const STEPS = [
  { ms: 86_400_000, zh: '天', en: 'd' },
  { ms: 3_600_000, zh: '小时', en: 'h' },
  { ms: 60_000, zh: '分钟', en: 'min' },
  { ms: 1000, zh: '秒', en: 's' },
] as const

/** Returns a duration by its two largest units, rounded down: `3 天 4 小时`, `3 d 4 h`, `850 ms`. A negative one reads as 0. */
export function formatDuration(durationMs: number, language: Language): string {
  const wholeMs = Math.max(0, Math.floor(durationMs))
  if (wholeMs === 0) return language === 'zh' ? '0 秒' : '0 s'
  if (wholeMs < 1000) return language === 'zh' ? `${wholeMs} 毫秒` : `${wholeMs} ms`
  const first = STEPS.findIndex((step) => wholeMs >= step.ms)
  const words: string[] = []
  let rest = wholeMs
  for (const step of STEPS.slice(first, first + 2)) {
    const count = Math.floor(rest / step.ms)
    rest -= count * step.ms
    if (count > 0) words.push(`${count} ${step[language]}`)
  }
  return words.join(' ')
}
