import type { Actor } from '../domain/actor.ts'
import { AppError, toAppError } from '../domain/errors.ts'
import type { Language } from '../domain/text.ts'
import { text } from '../domain/text.ts'
import { formatLocalTime } from '../lib/format-local-time.ts'
import { latestSummary } from '../pipeline/hardware-summary.ts'
import { ShutdownReason } from '../pipeline/run-lease.ts'
import { renderReportPage } from '../report/render-report-page.ts'
import type { HttpPorts } from '../surfaces/http/index.ts'
import { requireSchema } from './open-configured-store.ts'
import { productVersion } from './product-version.ts'
import type { Runtime } from './runtime.ts'

const LOCAL: Actor = { kind: 'local_administrator', name: 'local', surface: 'http' }

/** Returns what the web API and the report page need of a runtime. */
export function httpPorts(runtime: Runtime, language: Language): HttpPorts {
  const { door, store, config, context, logger } = runtime
  const version = productVersion()
  return {
    door,
    actor: LOCAL,
    language,
    version,
    logger,
    timestamp: () => formatLocalTime(context.clock.now(), config.timeZone),
    allowedHosts: config.web.allowedHosts,
    processes: context.processes.list,
    checkReadiness: async () => await readiness(runtime),
    latestReport: async (wanted) => {
      const latest = await latestSummary(store, wanted)
      return latest === null ? null : { data: latest.summary, markdown: latest.summary.report_markdown }
    },
    renderPage: async (wanted) => await renderPage(runtime, wanted, version),
    stopReason: () => new ShutdownReason(),
    listRuns: async (limit, { actor, ...options }) => await door.call(actor, 'runs_list', { limit }, options),
    showRun: async (runId, { actor, ...options }) =>
      await door.call(actor, 'runs_show', { run_id: runId }, options),
  }
}

async function readiness({ store }: Runtime): Promise<readonly AppError[]> {
  try {
    await store.ping()
    await requireSchema(store)
    return []
  } catch (error) {
    const known = toAppError(error)
    if (known.code !== 'INTERNAL') return [known]
    const sentence = text(`数据库不可用:${known.text.zh}`, `the database does not work: ${known.text.en}`)
    return [new AppError('DATABASE_UNAVAILABLE', sentence, { cause: error })]
  }
}

async function renderPage(
  { store, config, context }: Runtime,
  language: Language,
  productVersion: string,
): Promise<string> {
  const latest = await latestSummary(store, language)
  const [newest] = await store.runs.list(1)
  return renderReportPage({
    summary: latest?.summary ?? null,
    run: newest === undefined ? null : { id: newest.id, state: newest.state },
    context: { language, timeZone: config.timeZone, now: context.clock.now() },
    productVersion,
  })
}
