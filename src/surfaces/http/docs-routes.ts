import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { Language } from '../../domain/text.ts'
import { pick, text } from '../../domain/text.ts'
import type { Door } from '../../services/call.ts'
import type { HttpPorts } from './http-ports.ts'
import { pagePolicy } from './report-routes.ts'
import { languageOf } from './request-language.ts'
import type { RouteContext } from './route-context.ts'

/** Makes the application collect its OpenAPI document. Must be called before the routes are registered. */
export async function collectOpenApi(app: FastifyInstance, ports: HttpPorts): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'smart-ops',
        version: ports.version,
        description: pick(
          text(
            '每个操作都是 POST,返回统一信封;耗时的操作(005)在结束前保持连接,进度见 /api/runs。',
            'Every operation is a POST that answers with an envelope; a long one (005) keeps the request open until it has ended, see /api/runs meanwhile.',
          ),
          ports.language,
        ),
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
}

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeHtml = (value: string): string =>
  value.replace(/[&<>"']/g, (character) => HTML_ESCAPES[character] ?? character)

const STYLE =
  'body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}' +
  'td{padding:.3rem .8rem .3rem 0;vertical-align:top}code{white-space:nowrap}' +
  '@media (prefers-color-scheme:dark){body{background:#111;color:#ddd}a{color:#8cf}}'

function docsPage(operations: Door['operations'], language: Language): string {
  const rows = [...operations.values()].map(
    (operation) =>
      `<tr><td><code>POST /api/operations/${escapeHtml(operation.name)}</code></td>` +
      `<td><strong>${escapeHtml(pick(operation.title, language))}</strong><br>${escapeHtml(pick(operation.description, language))}</td></tr>`,
  )
  const title = pick(text('smart-ops 接口', 'smart-ops API'), language)
  const lead = pick(
    text(
      '完整的 OpenAPI 文档(含输入与输出模式):',
      'The whole OpenAPI document with input and output schemas:',
    ),
    language,
  )
  return (
    `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><title>${title}</title>` +
    `<meta name="viewport" content="width=device-width,initial-scale=1"><style>${STYLE}</style></head>` +
    `<body><h1>${title}</h1><p>${lead} <a href="/docs/json">/docs/json</a></p><table>${rows.join('')}</table></body></html>`
  )
}

/** Registers `GET /docs` (a page) and `GET /docs/json` (OpenAPI 3.1). */
export function addDocsRoutes({ app, ports }: RouteContext): void {
  app.get('/docs/json', { schema: { hide: true } }, async () => app.swagger())
  app.get('/docs', { schema: { hide: true } }, async (request, reply) => {
    const html = docsPage(ports.door.operations, languageOf(request, ports.language))
    return reply
      .header('content-security-policy', pagePolicy(html))
      .type('text/html; charset=utf-8')
      .send(html)
  })
}
