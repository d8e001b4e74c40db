import { text } from '../../domain/text.ts'
import { formatBytes } from '../format-bytes.ts'
import type { DiskServer } from './disk-schema.ts'
import type { MemoryServer } from './memory-schema.ts'
import { refs } from './summary-advice.ts'
import { generalClaim, NOTHING_READ, nothingRead } from './summary-parts.ts'
import type { Claim, SummaryFacts, UpgradeAdvice } from './summary-schema.ts'

/**
 * Returns what should be bought or replaced by what was measured: drives that fail, batteries of controllers, modules
 * with uncorrected errors, memory that needs a plan. No prices.
 */
export function purchaseAdvice(facts: SummaryFacts, advice: readonly UpgradeAdvice[]): Claim[] {
  const claims = [
    ...facts.disk.servers.flatMap((server) => [
      ...failingDrives(server),
      ...failingRaidDrives(server),
      ...deadBatteries(server),
    ]),
    ...facts.memory.servers.flatMap(failingModules),
    ...advice.filter(({ decision }) => decision === 'plan_needed').map(planClaim),
  ]
  if (claims.length > 0) return claims
  if (nothingRead(facts)) return [generalClaim(NOTHING_READ)]
  return [generalClaim(text('测得的数据不支持任何采购。', 'Nothing that was measured calls for a purchase.'))]
}

const planClaim = ({ ip, evidence }: UpgradeAdvice): Claim => ({
  ip,
  text: text(
    '内存不足已测得;先做插槽规划,再决定购买什么。',
    'A shortage of memory was measured; plan its slots before deciding what to buy.',
  ),
  evidence,
})

const failingDrives = (server: DiskServer): Claim[] =>
  (server.drives ?? [])
    .filter(({ verdict }) => verdict === 'critical')
    .map((drive) => {
      const size = drive.capacity_bytes === null ? '' : ` ${formatBytes(drive.capacity_bytes)}`
      const name = `${drive.device}${drive.model === null ? '' : ` ${drive.model}`}${size}`
      const score = drive.replacement_risk?.score_percent ?? null
      return replaceClaim(server.ip, {
        name,
        serial: drive.serial,
        risk: score,
        evidence: refs([server.drives_evidence]),
      })
    })

const failingRaidDrives = (server: DiskServer): Claim[] =>
  (server.hardware_raid ?? []).flatMap(({ tool, drives }) =>
    drives
      .filter(({ state }) => state === 'failed' || state === 'predictive_failure' || state === 'missing')
      .map((drive) =>
        replaceClaim(server.ip, {
          name: `${tool} ${drive.slot}${drive.model === null ? '' : ` ${drive.model}`} (${drive.state_text})`,
          serial: drive.serial,
          risk: null,
          evidence: refs([server.hardware_raid_evidence]),
        }),
      ),
  )

function replaceClaim(
  ip: string,
  drive: {
    readonly name: string
    readonly serial: string | null
    readonly risk: number | null
    readonly evidence: string[]
  },
): Claim {
  const serial = drive.serial ?? '?'
  return {
    ip,
    text: text(
      `更换硬盘 ${drive.name}(序列号 ${serial}${drive.risk === null ? '' : `,更换风险 ${drive.risk}/100`});先备份并核对保修,在保则报修。`,
      `Replace drive ${drive.name} (serial ${serial}${drive.risk === null ? '' : `, replacement risk ${drive.risk}/100`}); back up first, and claim warranty where it still runs.`,
    ),
    evidence: drive.evidence,
  }
}

const deadBatteries = (server: DiskServer): Claim[] =>
  (server.hardware_raid ?? []).flatMap(({ tool, controllers }) =>
    controllers.flatMap(({ id, model, battery }): Claim[] => {
      if (battery === null || battery.healthy !== false) return []
      const name = `${tool} ${id}${model === null ? '' : ` ${model}`}`
      return [
        {
          ip: server.ip,
          text: text(
            `更换阵列卡 ${name} 的缓存电池(${battery.state}):失效时写缓存会关闭,写入变慢。`,
            `Replace the cache battery of controller ${name} (${battery.state}): without it the write cache is off and writes are slow.`,
          ),
          evidence: refs([server.hardware_raid_evidence]),
        },
      ]
    }),
  )

const failingModules = (server: MemoryServer): Claim[] =>
  (server.edac?.dimms ?? [])
    .filter((dimm) => dimm.uncorrected_count > 0)
    .map((dimm) => {
      const found = server.inventory?.slots.filter(({ locator }) => locator === dimm.label) ?? []
      const [slot] = found
      const known = found.length === 1 ? slot?.module : null
      const about =
        known == null
          ? ''
          : [
              known.size_bytes === null ? null : formatBytes(known.size_bytes),
              known.generation,
              known.kind,
              known.part_number,
              known.serial === null ? null : `S/N ${known.serial}`,
            ]
              .filter((word) => word !== null)
              .join(' ')
      return {
        ip: server.ip,
        text: text(
          `更换内存条 ${dimm.label}${about === '' ? '' : `(${about})`}:不可纠正错误 ${dimm.uncorrected_count} 次;在保则报修。`,
          `Replace module ${dimm.label}${about === '' ? '' : ` (${about})`}: ${dimm.uncorrected_count} uncorrected error(s); claim warranty where it still runs.`,
        ),
        evidence: refs([server.edac?.evidence ?? null, server.inventory?.evidence ?? null]),
      }
    })
