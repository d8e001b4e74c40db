import { type Text, text } from '../../domain/text.ts'
import { formatBytes } from '../format-bytes.ts'
import { formatPercent } from '../format-percent.ts'
import type { DiskServer } from './disk-schema.ts'
import type { FindingEntry } from './finding-entry.ts'
import { listedText } from './listed-text.ts'
import { growthWords } from './space-markdown.ts'
import type { CleanUp } from './space-schema.ts'
import { refs } from './summary-advice.ts'
import { generalClaim, NOTHING_READ, nothingRead, sentence } from './summary-parts.ts'
import type { Claim, SummaryFacts, UpgradeAdvice } from './summary-schema.ts'

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
  for (const server of facts.disk.servers) claims.push(...cleanUpClaims(server))
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

/** What can be freed, in one sentence per server and kind. */
function cleanUpClaims({ ip, clean_up: advice }: DiskServer): Claim[] {
  const of = (kind: CleanUp['kind']) => advice.filter((entry) => entry.kind === kind)
  const total = (entries: readonly CleanUp[]): string =>
    formatBytes(entries.reduce((sum, { frees_bytes: freed }) => sum + (freed ?? 0), 0))
  const claims: Claim[] = []
  const free = of('free')
  if (free.length > 0) {
    const commands = free.map(({ command }) => `\`${command}\``)
    claims.push({
      ip,
      text: text(
        `清理缓存与旧日志可释放约 ${total(free)}:${commands.join('、')}(由人执行)。`,
        `Caches and old logs hold about ${total(free)} that can be freed: ${commands.join(', ')} (for a person to run).`,
      ),
      evidence: [...new Set(free.flatMap(({ evidence }) => evidence))],
    })
  }
  const restart = of('restart')
  if (restart.length > 0)
    claims.push({
      ip,
      text: text(
        `重启仍打开着已删除文件的进程可释放约 ${total(restart)},见磁盘部分。`,
        `Restarting the processes that hold deleted files open frees about ${total(restart)}: see under disks.`,
      ),
      evidence: [...new Set(restart.flatMap(({ evidence }) => evidence))],
    })
  return claims
}

function mendableServers(facts: SummaryFacts) {
  const sections = new Map<string, string[]>()
  for (const { ip, not_read: unread } of [...facts.memory.servers, ...facts.disk.servers])
    for (const { section, remedy } of unread)
      if (remedy !== null) sections.set(ip, [...(sections.get(ip) ?? []), section])
  return [...sections].map(([ip, names]) => ({ ip, count: names.length, sections: names }))
}

/** A filesystem that is full within the month at its pace. */
function fillingClaims({ ip, growth, filesystems_evidence: evidence }: DiskServer): Claim[] {
  if (growth === null || growth.days_until_full === null || growth.days_until_full > FILLING_DAYS) return []
  return [{ ip, text: sentence(growthWords(growth)), evidence: refs([evidence]) }]
}

/** What is wrong, and what it leads to. */
const withCause = ({ title, cause }: FindingEntry): Text =>
  cause === null ? title : text(`${title.zh}。${cause.zh}`, `${title.en}. ${cause.en}`)

/** Ours: a month is the time to buy or move. */
const FILLING_DAYS = 30
/** Findings named as risks; the rest is in the alerts. */
const RISKS_SHOWN = 20

/** Returns what may go wrong next, and what nobody can see. */
export function riskAdvice(facts: SummaryFacts, findings: readonly FindingEntry[]): Claim[] {
  const claims = facts.disk.servers.flatMap(fillingClaims)
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
  const pressing = findings
    .filter(({ severity }) => severity === 'critical' || severity === 'urgent')
    .slice(0, RISKS_SHOWN)
    .map(
      (finding): Claim => ({
        ip: finding.ip,
        text: withCause(finding),
        evidence: finding.evidence,
      }),
    )
  claims.push(...pressing)
  if (claims.length > 0) return claims
  if (nothingRead(facts)) return [generalClaim(NOTHING_READ)]
  return [generalClaim(text('在读到的数据中未见风险。', 'No risk is seen in what was read.'))]
}
