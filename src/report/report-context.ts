import type { Language } from '../domain/text.ts'

/** What every document and page is written for: the reader's language and zone, and the instant it is written at. */
export type ReportContext = {
  readonly language: Language
  /** IANA name; every time in a document is local to it. */
  readonly timeZone: string
  readonly now: Date
}
