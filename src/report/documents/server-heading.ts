import { type Language, pick } from '../../domain/text.ts'
import { escapeMarkdown } from '../markdown.ts'
import type { InspectedServerHead } from './inspected-server.ts'

/** Returns the Markdown heading of a server, and under it why it could not be read when it could not. */
export function serverHeading(server: InspectedServerHead, language: Language): string {
  const name = server.name === null || server.name === server.ip ? '' : ` ${escapeMarkdown(server.name)}`
  const heading = `## ${escapeMarkdown(server.ip)}${name}`
  if (server.unreachable === null) return heading
  const { explanation, message, next_step: nextStep } = server.unreachable
  const lead = language === 'zh' ? '**无法访问**,状态未知' : '**Unreachable**, state unknown'
  const colon = language === 'zh' ? ':' : ': '
  return `${heading}\n\n${lead}${colon}${pick(explanation, language)} (${escapeMarkdown(message)})${language === 'zh' ? '。' : '. '}${pick(nextStep, language)}`
}

/** Returns the word for what was not measured. */
export const unknownWord = (language: Language): string => (language === 'zh' ? '未知' : 'unknown')
