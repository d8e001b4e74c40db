import { type Text, text } from '../../domain/text.ts'
import type { FindingEntry } from '../documents/finding-entry.ts'
import type { SummaryDocument } from '../documents/summary-schema.ts'

type ServerState = SummaryDocument['servers'][number]

const COLLECT_AGAIN = text(
  '执行 `smart-ops collect metrics`,并确认采集进程在运行、服务器可达。',
  'Run `smart-ops collect metrics`, and see that the collector runs and the server is reachable.',
)

/** Returns the finding that a server's state rests on; none where it rests on what is not known. */
export const worstOf = ({ findings }: SummaryDocument, server: ServerState): FindingEntry | undefined =>
  findings.find((finding) => isOf(finding, server) && finding.severity !== 'info')

/** Returns what to do first about a server; null when its worst finding needs nothing done. */
export function nextStepOf(summary: SummaryDocument, server: ServerState): Text | null {
  const { memory, disk, system } = summary.facts
  const step = worstOf(summary, server)?.next_step
  if (step !== undefined) return step
  const lost = [...memory.servers, ...disk.servers].find((entry) => isOf(entry, server))?.unreachable
  if (lost != null) return lost.next_step
  return system.stale.some((entry) => isOf(entry, server)) ? COLLECT_AGAIN : null
}

const isOf = (
  entry: { readonly ip: string; readonly bk_cloud_id: number },
  server: { readonly ip: string; readonly bk_cloud_id: number },
): boolean => entry.ip === server.ip && entry.bk_cloud_id === server.bk_cloud_id
