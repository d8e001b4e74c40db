import { AppError } from '../domain/errors.ts'
import type { Text } from '../domain/text.ts'
import { text } from '../domain/text.ts'
import { redactText } from '../lib/redact.ts'
import { mentionsSecret } from '../lib/sensitive-key.ts'
import type { ConfigKey } from './key-list.ts'
import { suggestName } from './suggest.ts'

/** One thing wrong with the configuration. Holds no secret. */
export interface ConfigProblem {
  /** `<file>:<line>:<column>`, the file alone, or the name of the variable. */
  readonly source: string
  /** With dots; null when the file as a whole is meant. */
  readonly keyPath: string | null
  /** Which mistake it is, what was found and what is allowed. */
  readonly sentence: Text
}

const SHOWN_CHARS = 60
const SHOWN_PROBLEMS = 30
const HIDDEN = '***'

const shorten = (value: string): string =>
  value.length > SHOWN_CHARS ? `${value.slice(0, SHOWN_CHARS)}…` : value

/** Returns a name found in the configuration, fit to be shown: never one that may carry a secret. */
export function showName(name: string): string {
  if (/^[\w.-]{1,64}$/.test(name)) return name
  return mentionsSecret(name) ? HIDDEN : JSON.stringify(shorten(redactText(name)))
}

/** Returns what was found, fit to be shown: a secret's value never is, nor one that looks as if it held a secret. */
export function showFound(key: ConfigKey | null, value: unknown): Text {
  if (value === null || value === undefined || value === '') return text('空值', 'nothing')
  if (Array.isArray(value)) return text('一个列表', 'a list')
  if (typeof value === 'object') return text('一个映射', 'a mapping')
  if (key?.kind === 'secret') return text('明文(已隐藏)', 'a clear text (hidden)')
  if (typeof value === 'string') {
    const shown = mentionsSecret(value) ? HIDDEN : JSON.stringify(shorten(redactText(value)))
    return text(`${shown}(文本)`, `${shown} (text)`)
  }
  const shown = shorten(String(value))
  return typeof value === 'number' ? text(`${shown}(数)`, `${shown} (number)`) : text(shown, shown)
}

/** Returns the problem of a value that its key does not take. */
export function valueProblem(source: string, key: ConfigKey, value: unknown): ConfigProblem {
  const found = showFound(key, value)
  return {
    source,
    keyPath: key.keyPath,
    sentence: text(
      `值无效:实际为 ${found.zh};允许:${key.allowed.zh}`,
      `invalid value; found ${found.en}; allowed: ${key.allowed.en}`,
    ),
  }
}

/**
 * Returns the problem of a name that nobody reads. `elsewhere` are full paths of keys with that name in other
 * sections, offered when no near name is allowed here.
 */
export function unknownProblem(
  source: string,
  name: string,
  allowed: readonly string[],
  place: { readonly keyPath: string | null; readonly elsewhere: readonly string[]; readonly what: Text },
): ConfigProblem {
  const near = suggestName(name, allowed)
  const meant = near === null ? place.elsewhere : [near]
  const zh = meant.length > 0 ? `,是否想写 ${meant.join('、')}?` : ''
  const en = meant.length > 0 ? `, did you mean ${meant.join(' or ')}?` : ''
  return {
    source,
    keyPath: place.keyPath,
    sentence: text(
      `${place.what.zh}${zh};允许:${allowed.join('、')}`,
      `${place.what.en}${en}; allowed: ${allowed.join(', ')}`,
    ),
  }
}

function sentenceOf(problem: ConfigProblem): Text {
  const place = problem.keyPath === null ? problem.source : `${problem.source} ${problem.keyPath}`
  return text(`${place}:${problem.sentence.zh}`, `${place}: ${problem.sentence.en}`)
}

/** Returns the one error that tells all problems; at most thirty are spelled out. */
export function configError(problems: readonly ConfigProblem[]): AppError {
  const sentences = problems.slice(0, SHOWN_PROBLEMS).map(sentenceOf)
  const rest = problems.length - sentences.length
  const more = rest > 0 ? [text(`另有 ${rest} 个问题`, `and ${rest} more`)] : []
  const lines = [...sentences, ...more]
  const count = problems.length
  return new AppError(
    'CONFIG_INVALID',
    text(
      `配置有 ${count} 个问题:\n${lines.map((line) => `  ${line.zh}`).join('\n')}`,
      `The configuration has ${count} problem${count === 1 ? '' : 's'}:\n${lines.map((line) => `  ${line.en}`).join('\n')}`,
    ),
    { details: { problems: problems.slice(0, SHOWN_PROBLEMS), problemCount: count } },
  )
}
