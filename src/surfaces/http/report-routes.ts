import { createHash } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { pick, text } from '../../domain/text.ts'
import { languageOf } from './request-language.ts'
import type { RouteContext } from './route-context.ts'

/**
 * Returns the Content-Security-Policy of a page of ours: no script, nothing from elsewhere, and of inline styles only
 * the document's first `<style>` element, by hash. Anything that untrusted text might smuggle in comes after it.
 */
export function pagePolicy(html: string): string {
  const style = /<style>([^<]*)<\/style>/.exec(html)?.[1]
  const hash =
    style === undefined ? "'none'" : `'sha256-${createHash('sha256').update(style).digest('base64')}'`
  return [
    "default-src 'none'",
    `style-src ${hash}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Registers `GET /` (the latest report as a page) and `GET /api/ai-report` (as data and Markdown). */
export function addReportRoutes({ app, ports }: RouteContext): void {
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    const html = await ports.renderPage(languageOf(request, ports.language))
    return reply
      .header('content-security-policy', pagePolicy(html))
      .type('text/html; charset=utf-8')
      .send(html)
  })
  const schema = { tags: ['reports'], summary: 'The latest hardware summary (service 004) with its Markdown' }
  app.get('/api/ai-report', { schema }, async (request) => {
    const language = languageOf(request, ports.language)
    const report = await ports.latestReport(language)
    if (report === null) throw new AppError('REPORT_UNKNOWN', text('还没有报告。', 'There is no report yet.'))
    const message = pick(text('最新的硬件汇总报告', 'The latest hardware summary'), language)
    return { success: true, message, timestamp: ports.timestamp(), data: report }
  })
}
