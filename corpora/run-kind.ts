import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeRecording } from '../src/collect/recordings/decode-recording.ts'
import type { CorpusKind, Facts, FactsByFile, Score } from './corpus-kind.ts'
import { readExpected } from './read-corpus.ts'

/** What came of one kind. */
export interface KindRun {
  readonly kind: string
  readonly files: number
  readonly answers: FactsByFile
  /** `file: reason` of each input that could not be read or whose answer threw. */
  readonly crashes: readonly string[]
  readonly score: Score
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Answers every input of a kind below the corpora folder and scores the answers. Throws when the kind's list of inputs cannot be read. */
export function runKind(kind: CorpusKind, corpora: string): KindRun {
  const folder = join(corpora, kind.kind)
  const files = kind.files(folder)
  const answers = new Map<string, Facts>()
  const crashes: string[] = []
  for (const file of files) {
    try {
      answers.set(file, kind.answer(decodeRecording(readFileSync(join(folder, file)))))
    } catch (error) {
      crashes.push(`${file}: ${reasonOf(error)}`)
    }
  }
  const score = kind.score(readExpected(folder), answers)
  return { kind: kind.kind, files: files.length, answers, crashes, score }
}
