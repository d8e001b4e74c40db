import type { Text } from './text.ts'

/** What of a server's memory is judged apart. */
export const MEMORY_AREAS = ['usage', 'pressure', 'oom', 'errors', 'modules', 'numa'] as const
export type MemoryArea = (typeof MEMORY_AREAS)[number]

/** How an area stands. What was not read is unknown, never healthy. */
export interface JudgedArea {
  readonly area: MemoryArea
  readonly state: 'healthy' | 'attention' | 'unknown'
  /** What it was judged by, what is wrong, or why nothing can be said. */
  readonly reason: Text
}
