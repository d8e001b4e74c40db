import { writeFileSync } from 'node:fs'
import { chooseFiles, type Suite } from './choose-files.ts'
import { raiseLoopback } from './namespace.ts'
import { runFiles } from './run-files.ts'
import { NO_DATABASES, startDatabases } from './start-databases.ts'

/** What the outer process asks of the inner one, as JSON in its first argument. */
export interface InsideOrder {
  readonly root: string
  readonly suite: Suite
  readonly filters: readonly string[]
  readonly privateFolder: string
  /** False when none of the chosen files needs a server. */
  readonly databases: boolean
  /** Folder of the downloaded MySQL; null where there is none. */
  readonly mysqlCache: string | null
  /** True when this process stands in a namespace of its own, where loopback is still down. */
  readonly ownNetwork: boolean
  /** Where the totals are written as JSON. */
  readonly totalsFile: string
}

// The second half of the runner: it starts the databases, runs the test files and stops the databases again.
const order: InsideOrder = JSON.parse(process.argv[2] ?? '')
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort())

if (order.ownNetwork) raiseLoopback()
const files = chooseFiles(order.root, order.suite, order.filters)
const databases = order.databases ? await startDatabases(order) : NO_DATABASES
try {
  const env = { ...process.env, ...databases.env }
  const totals = await runFiles({ root: order.root, files, env, signal: stopping.signal })
  writeFileSync(order.totalsFile, JSON.stringify(totals))
} finally {
  await databases.stop()
}
