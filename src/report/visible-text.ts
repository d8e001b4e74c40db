/**
 * Characters that a screen hides or that turn the text around them: C0 and C1 controls, bidirectional controls,
 * zero-width characters, line separators (Unicode 16, general categories Cc, Cf and Zl/Zp as far as they bear on display).
 */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

/**
 * Returns the text with everything invisible made visible: a control character becomes its picture (`␛`), any other
 * hidden character `⟨U+202E⟩`; a lone surrogate becomes U+FFFD. Line feeds and tabs stay when `keepLines` is set.
 */
export function visibleText(foreign: string, options: { readonly keepLines?: boolean } = {}): string {
  const wellFormed = foreign.toWellFormed()
  const unified = options.keepLines === true ? wellFormed.replaceAll('\r\n', '\n') : wellFormed
  return unified.replace(HIDDEN, (character) => {
    if (options.keepLines === true && (character === '\n' || character === '\t')) return character
    return pictureOf(character.charCodeAt(0))
  })
}

function pictureOf(code: number): string {
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '␡'
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
}
