import type { FastifyRequest } from 'fastify'
import { AppError } from '../../domain/errors.ts'
import type { Language } from '../../domain/text.ts'
import { text } from '../../domain/text.ts'

/** Returns the first of our languages that an Accept-Language header prefers (RFC 9110 §12.5.4); null for none. */
function preferredLanguage(header: string | undefined): Language | null {
  const weighed = (header ?? '').split(',').map((part) => {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    const weight = quality === undefined ? 1 : Number(quality.slice(2))
    return { language: range.split('-', 1)[0], weight: Number.isFinite(weight) ? weight : 0 }
  })
  let best: { language: Language; weight: number } | null = null
  for (const { language, weight } of weighed)
    if ((language === 'zh' || language === 'en') && weight > (best?.weight ?? 0)) best = { language, weight }
  return best?.language ?? null
}

const givenLanguage = (request: FastifyRequest): unknown =>
  typeof request.query === 'object' && request.query !== null ? Reflect.get(request.query, 'lang') : undefined

/** Returns the language of an answer: `?lang=`, else Accept-Language, else the configured one. Never throws. */
export function languageOf(request: FastifyRequest, configured: Language): Language {
  const given = givenLanguage(request)
  if (given === 'zh' || given === 'en') return given
  return preferredLanguage(request.headers['accept-language']) ?? configured
}

/** Throws AppError INPUT_INVALID for a `?lang=` that is none of ours. */
export function checkLanguage(request: FastifyRequest): void {
  const given = givenLanguage(request)
  if (given === undefined || given === 'zh' || given === 'en') return
  const found = JSON.stringify(given)
  throw new AppError(
    'INPUT_INVALID',
    text(`查询参数 lang 为 ${found};允许:zh、en。`, `The query parameter lang is ${found}; allowed: zh, en.`),
    { details: { field: 'lang', found: given, allowed: ['zh', 'en'] } },
  )
}
