import { parseArgs } from 'node:util'
import type { Figure } from './figure.ts'
import { benchIngest } from './ingest.ts'
import { benchInspect } from './inspect.ts'
import { benchLatest } from './latest.ts'
import { benchSsh } from './ssh.ts'

interface BenchOptions {
  readonly rows?: number
  readonly hosts?: number
}

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<readonly Figure[]>>> = {
  ingest: benchIngest,
  inspect: benchInspect,
  latest: benchLatest,
  ssh: benchSsh,
}

const USAGE = `usage: npm run bench NAME [-- --json] [--rows N] [--hosts N]   NAME: ${Object.keys(BENCHES).join(', ')}\n`

function describe({ figure, ours, baseline, ratio, bar, holds, missing }: Figure): string {
  const against = baseline === null ? `baseline missing: ${missing ?? 'none'}` : `baseline ${baseline}`
  const verdict = holds === null ? 'not told' : holds ? 'holds' : 'DOES NOT HOLD'
  return `${figure.padEnd(28)} ours ${ours}   ${against}   ratio ${ratio ?? '-'}   bar ${bar}   ${verdict}`
}

/** Returns a whole number from 1 of an option. Throws RangeError for anything else. */
function countOf(name: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const count = Number(given)
  if (Number.isInteger(count) && count >= 1) return count
  throw new RangeError(`--${name} is ${given}; it must be a whole number from 1`)
}

/** Runs the named benchmark and prints its figures; returns the exit status: 1 when one does not hold. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      rows: { type: 'string' },
      hosts: { type: 'string' },
    },
    allowPositionals: true,
  })
  const [name = ''] = positionals
  const bench = BENCHES[name]
  if (bench === undefined || positionals.length > 1) {
    process.stderr.write(USAGE)
    return 2
  }
  const rows = countOf('rows', values.rows)
  const hosts = countOf('hosts', values.hosts)
  const figures = await bench({
    ...(rows === undefined ? {} : { rows }),
    ...(hosts === undefined ? {} : { hosts }),
  })
  for (const figure of figures)
    process.stdout.write(`${values.json ? JSON.stringify(figure) : describe(figure)}\n`)
  return figures.some(({ holds }) => holds === false) ? 1 : 0
}

process.exitCode = await main()
