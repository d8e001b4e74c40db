import { visibleText } from './visible-text.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Returns foreign text that is safe as HTML text and inside a quoted attribute, hidden characters made visible
 * (see `visibleText`). Source: HTML Living Standard §13.3, escaping a string.
 */
export function escapeHtml(foreign: string, options: { readonly keepLines?: boolean } = {}): string {
  return visibleText(foreign, options).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
