import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { allowedOf, type InputField } from './input-field.ts'

/** A decimal number as people write it; not `0x10`, `1e400`, `Infinity` or an empty string. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,2})?$/i
const LONGEST_SHOWN = 200

/**
 * Returns the raw words given for the field, converted to its declared type and nothing more: whether the value is
 * allowed is for the operation's schema to say. Throws AppError INPUT_INVALID, naming the option and the value, when
 * a word is not of that type.
 */
export function convertValue(field: InputField, words: readonly string[]): unknown {
  if (!field.isList) return convertWord(field, words.at(-1) ?? '')
  return words
    .flatMap((word) => word.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((word) => convertWord(field, word))
}

function convertWord(field: InputField, word: string): unknown {
  switch (field.kind) {
    case 'string':
      return word
    case 'number':
      if (!NUMBER.test(word.trim())) throw invalidValue(field, word)
      return Number(word)
    case 'boolean':
      if (word !== 'true' && word !== 'false') throw invalidValue(field, word)
      return word === 'true'
    case 'scalar':
      return NUMBER.test(word) ? Number(word) : word
    case 'json':
      return parseJson(field, word)
  }
}

function parseJson(field: InputField, word: string): unknown {
  try {
    return JSON.parse(word)
  } catch (error) {
    throw invalidValue(field, word, error)
  }
}

function invalidValue(field: InputField, found: string, cause?: unknown): AppError {
  const allowed = allowedOf(field)
  const shown = JSON.stringify(found.slice(0, LONGEST_SHOWN))
  return new AppError(
    'INPUT_INVALID',
    text(
      `选项 --${field.option} 的值 ${shown} 无效;允许:${allowed.zh}。`,
      `Option --${field.option} cannot be ${shown}; allowed: ${allowed.en}.`,
    ),
    { cause, details: { field: field.name, found: found.slice(0, LONGEST_SHOWN), allowed: allowed.en } },
  )
}
