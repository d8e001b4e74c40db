/**
 * Runs our parsers over a folder of recorded data, scores the answers against the `expected.json` of each kind and
 * prints one line per metric and the worst files.
 *
 * Usage: npm run corpora -- --dir DIR [--kind KIND] [--out DIR2] [--json]
 * Exit status: 1 when an input is missing or an answer crashed, 2 when the command is wrong.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { CorpusKind } from './corpus-kind.ts'
import { CORPUS_KINDS } from './registry.ts'
import { type KindRun, runKind } from './run-kind.ts'

const USAGE = `usage: npm run corpora -- --dir DIR [--kind KIND] [--out DIR2] [--json]
KIND: ${CORPUS_KINDS.map(({ kind }) => kind).join(', ')}
`
const WORST_FILES = 5
const MISTAKES_SHOWN = 4
const MAX_SHOWN = 100

interface Request {
  readonly dir: string
  readonly kinds: readonly CorpusKind[]
  readonly out: string | null
  readonly json: boolean
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const readOptions = () =>
  parseArgs({
    options: {
      dir: { type: 'string' },
      kind: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  }).values

/** Returns the request, or the sentence that says what is wrong with it. */
function readRequest(): Request | string {
  let values: ReturnType<typeof readOptions>
  try {
    values = readOptions()
  } catch (error) {
    return messageOf(error)
  }
  const { dir, kind, out, json } = values
  if (dir === undefined) return '--dir is missing: the folder with a folder per kind'
  if (!existsSync(dir)) return `--dir is ${dir}, which does not exist`
  if (kind !== undefined && !CORPUS_KINDS.some((known) => known.kind === kind))
    return `--kind is ${kind}; it must be one of the kinds below`
  const kinds = CORPUS_KINDS.filter((known) =>
    kind === undefined ? existsSync(join(dir, known.kind)) : known.kind === kind,
  )
  if (kinds.length === 0) return `${dir} holds no folder of a known kind`
  return { dir, kinds, out: out ?? null, json }
}

const shown = (value: unknown): string => {
  const json = JSON.stringify(value)
  return json.length > MAX_SHOWN ? `${json.slice(0, MAX_SHOWN)}…` : json
}

function worstFiles({ score }: KindRun): readonly string[] {
  const byFile = Map.groupBy(score.mistakes, ({ file }) => file)
  const worst = [...byFile].sort((a, b) => b[1].length - a[1].length).slice(0, WORST_FILES)
  return worst.map(([file, mistakes]) => {
    const some = mistakes
      .slice(0, MISTAKES_SHOWN)
      .map(({ field, expected, got }) => `    ${field}: expected ${shown(expected)}, got ${shown(got)}`)
    return [`  ${file}: ${mistakes.length} wrong`, ...some].join('\n')
  })
}

function print(run: KindRun, json: boolean): void {
  const { kind, files, crashes, score } = run
  for (const [metric, value] of Object.entries(score.metrics)) {
    const line = { kind, metric, value, files, crashes: crashes.length }
    const readable = `${kind.padEnd(14)} ${metric.padEnd(24)} ${value === null ? 'not told' : value.toFixed(4)}   ${files} files, ${crashes.length} crashes`
    process.stdout.write(`${json ? JSON.stringify(line) : readable}\n`)
  }
  if (json) return
  const crashed = crashes.map((crash) => `  CRASH ${crash}`)
  for (const line of [...crashed, ...worstFiles(run)]) process.stdout.write(`${line}\n`)
}

function writeAnswers(out: string, { kind, answers }: KindRun): void {
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, `${kind}.json`), `${JSON.stringify(Object.fromEntries(answers), null, 1)}\n`)
}

/** Returns whether every input of the kind was read and answered. */
function answerKind(kind: CorpusKind, { dir, out, json }: Request): boolean {
  try {
    const run = runKind(kind, dir)
    print(run, json)
    if (out !== null) writeAnswers(out, run)
    if (json && run.crashes.length > 0) process.stderr.write(`${kind.kind}: ${run.crashes.join('\n')}\n`)
    return run.crashes.length === 0
  } catch (error) {
    process.stderr.write(`${kind.kind}: ${messageOf(error)}\n`)
    return false
  }
}

function main(): number {
  const request = readRequest()
  if (typeof request === 'string') {
    process.stderr.write(`${request}\n${USAGE}`)
    return 2
  }
  return request.kinds.map((kind) => answerKind(kind, request)).every(Boolean) ? 0 : 1
}

process.exitCode = main()
