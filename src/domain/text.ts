/** The two languages of the product. Chinese is the default everywhere. */
export type Language = 'zh' | 'en'

/** A sentence in both languages. Everything a person reads is one of these, never a bare string. */
export interface Text {
  readonly zh: string
  readonly en: string
}

/** Returns a {@link Text}. */
export const text = (zh: string, en: string): Text => ({ zh, en })

/** Returns the sentence in the language asked for. */
export const pick = (value: Text, language: Language): string => value[language]

/** Returns what `build` makes, once for each language. */
export const inBothLanguages = <T>(build: (language: Language) => T): Readonly<Record<Language, T>> => ({
  zh: build('zh'),
  en: build('en'),
})
