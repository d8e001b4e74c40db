import { type Text, text } from '../../domain/text.ts'
import { formatBytes } from '../format-bytes.ts'
import { formatPercent } from '../format-percent.ts'
import type { FindingEntry } from './finding-entry.ts'
import { listedText } from './listed-text.ts'
import { refs } from './summary-advice.ts'
import { generalClaim, NOTHING_READ, nothingRead, sentence } from './summary-parts.ts'
import type { Claim, SummaryFacts, UpgradeAdvice } from './summary-schema.ts'

/** Returns what should be bought or replaced by what was measured: drives that fail, memory that needs a plan. No prices. */
export function purchaseAdvice(facts: SummaryFacts, advice: readonly UpgradeAdvice[]): Claim[] {
  const claims = facts.disk.servers.flatMap((server) =>
    (server.drives ?? [])
      .filter(({ verdict }) => verdict === 'critical')
      .map((drive): Claim => {
        const size = drive.capacity_bytes === null ? '' : ` ${formatBytes(drive.capacity_bytes)}`
        const name = `${drive.device}${drive.model === null ? '' : ` ${drive.model}`}${size}`
        const serial = drive.serial ?? '?'
        return {
          ip: server.ip,
          text: text(
            `更换硬盘 ${name}(序列号 ${serial});先备份并核对保修,在保则报修。`,
            `Replace drive ${name} (serial ${serial}); back up first, and claim warranty where it still runs.`,
          ),
          evidence: refs([server.drives_evidence]),
        }
      }),
  )
  for (const entry of advice.filter(({ decision }) => decision === 'plan_needed'))
    claims.push({
      ip: entry.ip,
      text: text(
        '内存不足已测得;先做插槽规划,再决定购买什么。',
        'A shortage of memory was measured; plan its slots before deciding what to buy.',
      ),
      evidence: entry.evidence,
    })
  if (claims.length > 0) return claims
  if (nothingRead(facts)) return [generalClaim(NOTHING_READ)]
  return [generalClaim(text('测得的数据不支持任何采购。', 'Nothing that was measured calls for a purchase.'))]
}

/** Returns what can be made better without buying. */
export function optimisationAdvice(facts: SummaryFacts, advice: readonly UpgradeAdvice[]): Claim[] {
  const claims: Claim[] = advice
    .filter(({ decision }) => decision === 'use_less_first' || decision === 'change_allocation')
    .map(({ ip, reason, evidence }) => ({ ip, text: sentence(reason), evidence }))
  for (const server of facts.disk.servers)
    for (const filesystem of server.filesystems ?? []) {
      const limitPercent = filesystem.threshold_percent ?? facts.system.thresholds.disk_percent
      if (filesystem.used_percent <= limitPercent) continue
      const share = formatPercent(filesystem.used_percent)
      const free = formatBytes(filesystem.available_bytes)
      claims.push({
        ip: server.ip,
        text: text(
          `清理或扩容 ${filesystem.mount}:已用 ${share},剩余 ${free}。`,
          `Free or extend ${filesystem.mount}: ${share} used, ${free} left.`,
        ),
        evidence: refs([server.filesystems_evidence]),
      })
    }
  for (const server of mendableServers(facts))
    claims.push({
      ip: server.ip,
      text: text(
        `补上 ${server.count} 项读取(${listedText(server.sections).zh}),办法见“未读取”。`,
        `Make ${server.count} section(s) readable (${listedText(server.sections).en}); how is under "Not read".`,
      ),
      evidence: [],
    })
  if (claims.length > 0) return claims
  return [generalClaim(nothingRead(facts) ? NOTHING_READ : text('暂无。', 'None.'))]
}

function mendableServers(facts: SummaryFacts) {
  const sections = new Map<string, string[]>()
  for (const { ip, not_read: unread } of [...facts.memory.servers, ...facts.disk.servers])
    for (const { section, remedy } of unread)
      if (remedy !== null) sections.set(ip, [...(sections.get(ip) ?? []), section])
  return [...sections].map(([ip, names]) => ({ ip, count: names.length, sections: names }))
}

/** What is wrong, and what it leads to. */
const withCause = ({ title, cause }: FindingEntry): Text =>
  cause === null ? title : text(`${title.zh}。${cause.zh}`, `${title.en}. ${cause.en}`)

/** Findings named as risks; the rest is in the alerts. */
const RISKS_SHOWN = 20

/** Returns what may go wrong next, and what nobody can see. */
export function riskAdvice(facts: SummaryFacts, findings: readonly FindingEntry[]): Claim[] {
  const claims = findings
    .filter(({ severity }) => severity === 'critical' || severity === 'urgent')
    .slice(0, RISKS_SHOWN)
    .map(
      (finding): Claim => ({
        ip: finding.ip,
        text: withCause(finding),
        evidence: finding.evidence,
      }),
    )
  const unseen = [
    ...new Set([
      ...facts.system.stale.map(({ ip }) => ip),
      ...[...facts.memory.servers, ...facts.disk.servers]
        .filter(({ reached }) => !reached)
        .map(({ ip }) => ip),
    ]),
  ]
  if (unseen.length > 0) {
    const list = listedText(unseen)
    claims.push(
      generalClaim(
        text(
          `以下服务器此刻若出故障不会被发现:${list.zh}。`,
          `A failure of these servers would not be seen now: ${list.en}.`,
        ),
      ),
    )
  }
  const blind = facts.disk.servers.filter(
    ({ reached, drives }) =>
      reached && (drives === null || drives.some(({ verdict }) => verdict === 'unknown')),
  )
  if (blind.length > 0) {
    const list = listedText(blind.map(({ ip }) => ip))
    claims.push(
      generalClaim(text(`硬盘健康未知:${list.zh}。`, `The health of drives is unknown on: ${list.en}.`)),
    )
  }
  if (claims.length > 0) return claims
  if (nothingRead(facts)) return [generalClaim(NOTHING_READ)]
  return [generalClaim(text('在读到的数据中未见风险。', 'No risk is seen in what was read.'))]
}
