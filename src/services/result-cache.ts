import { z } from 'zod'
import type { SuccessEnvelope } from '../domain/envelope.ts'
import type { Language } from '../domain/text.ts'
import type { Clock } from '../lib/clock.ts'
import type { JsonCache } from '../lib/json-cache.ts'

/** What makes two calls equal: the input after validation, defaults filled in. */
interface AskedFor {
  readonly name: string
  readonly input: unknown
  readonly language: Language
}

/** Answers of reading calls, kept for a few seconds for all processes of the machine. */
export interface ResultCache {
  /** Returns the answer that an equal call got and that has not expired, else makes one and keeps it. */
  answer(asked: AskedFor, make: () => Promise<SuccessEnvelope>): Promise<SuccessEnvelope>
  /** Drops every answer: something has changed. One that is being made at this moment is kept all the same. */
  forget(): Promise<void>
}

interface ResultCacheOptions {
  readonly files: JsonCache
  /** How long an answer is given again; 0: never. */
  readonly expiryMs: number
  readonly clock: Clock
  /** Of the product: another one may answer otherwise. */
  readonly version: string
}

const envelopeShape = z.strictObject({
  success: z.literal(true),
  message: z.string(),
  timestamp: z.string(),
  data: z.unknown(),
})

/** Returns a cache of answers over files. */
export const createResultCache = ({ files, expiryMs, clock, version }: ResultCacheOptions): ResultCache => ({
  async answer({ name, input, language }, make) {
    if (expiryMs <= 0) return await make()
    const key = JSON.stringify([version, name, language, input])
    const known = envelopeShape.safeParse(await files.get(key))
    if (known.success) return known.data
    // Its age counts from before it was made.
    const expiresAt = new Date(clock.now().getTime() + expiryMs)
    const answer = await make()
    await files.set(key, answer, expiresAt)
    return answer
  },
  async forget() {
    await files.clear()
  },
})
