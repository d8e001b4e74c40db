import { z } from 'zod'

/** How many rows a list answers at the most. */
export const limitField = z
  .number()
  .int()
  .min(1)
  .max(5000)
  .default(100)
  .describe('最多返回几条 / how many at the most')

/** How many rows of a list are passed over. */
export const offsetField = z.number().int().min(0).default(0).describe('跳过前几条 / how many to pass over')
