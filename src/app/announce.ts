import type { AppError } from '../domain/errors.ts'
import type { Server } from '../domain/server.ts'
import { type Language, pick, type Text, text } from '../domain/text.ts'
import { formatLocalTime } from '../lib/format-local-time.ts'
import type { ProgressStep } from '../pipeline/context.ts'
import { latestSummary } from '../pipeline/hardware-summary.ts'
import type { Runtime } from './runtime.ts'

/** What the starting person is told, one line per happening. */
export interface Announce {
  say(line: Text): void
  registered(server: Server): void
  problem(error: AppError): void
}

/** Returns an announcer that writes lines in one language. Control characters never reach the terminal. */
export function createAnnounce(write: (line: string) => void, language: Language): Announce {
  const say = (line: Text) => write(pick(line, language).replace(/\p{Cc}/gu, ' '))
  return {
    say,
    registered: ({ ip, name }) =>
      say(text(`已登记本机:${ip}(${name})`, `Registered this machine: ${ip} (${name})`)),
    problem: (error) =>
      say(text(`出错:${error.text.zh}(${error.code})`, `Problem: ${error.text.en} (${error.code})`)),
  }
}

/** Returns a progress receiver that tells each finished step of the flow. */
export const announceProgress =
  (announce: Announce) =>
  (step: ProgressStep): void => {
    if (step.runId !== null) announce.say(text(`… ${step.message.zh}`, `… ${step.message.en}`))
  }

/** Tells the verdict of the newest report with its time. */
export async function announceVerdict(
  runtime: Runtime,
  { announce }: { readonly announce: Announce },
): Promise<void> {
  const latest = await latestSummary(runtime.store, runtime.context.language)
  if (latest === null) return
  const at = formatLocalTime(latest.report.createdAt, runtime.config.timeZone)
  const { summary } = latest.summary
  announce.say(text(`巡检结论(${at}):${summary.zh}`, `Verdict (${at}): ${summary.en}`))
}

/** Tells where the pages, the MCP endpoint and the token are. */
export async function announceReady(
  { config }: Runtime,
  {
    announce,
    url,
    tokenPlace,
    withChildren,
  }: { announce: Announce; url: string; tokenPlace: string; withChildren: boolean },
): Promise<void> {
  announce.say(text(`报告与接口:${url}`, `Report and API: ${url}`))
  if (withChildren) {
    const mcp = `http://${config.mcp.host}:${config.mcp.port}/mcp`
    announce.say(text(`MCP:${mcp}(令牌:${tokenPlace})`, `MCP: ${mcp} (token: ${tokenPlace})`))
  }
  announce.say(text('按 Ctrl+C 停止', 'Press Ctrl+C to stop'))
}
