import type { XidEvent } from '../../domain/facts/gpu.ts'
import type { Finding } from '../../domain/finding.ts'
import { text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { GPU_LIMITS } from './gpu-limits.ts'
import { plainAddress } from './gpu-place.ts'
import { xidMeaning } from './xid-catalogue.ts'

const DAY_MS = 86_400_000

/** Returns one finding for each GPU and code of the last days; events without a time count as new, for the log is of this boot. */
export function judgeXids(input: AssessmentInput, events: readonly XidEvent[]): readonly Finding[] {
  const from = input.now.getTime() - GPU_LIMITS.xidWindowDays.limit * DAY_MS
  const recent = events.filter(({ at }) => at === null || at.getTime() >= from)
  const groups = Map.groupBy(recent, ({ busId, code }) => `${plainAddress(busId)} ${code}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { code } = first
    const { severity, meaning, nextStep } = xidMeaning(code)
    const gpu = `GPU ${plainAddress(first.busId)}`
    return [
      makeFinding(
        { ...input, since: first.at ?? input.now },
        {
          kind: 'gpu',
          component: `${gpu} Xid ${code}`,
          evidenceIds: ['gpu.xid'],
          rule: 'gpu.xid',
          severity,
          title: text(
            `${gpu} 报告 Xid ${code} 共 ${group.length} 次:${meaning.zh}`,
            `${gpu} reported Xid ${code}, ${group.length} time${group.length === 1 ? '' : 's'}: ${meaning.en}`,
          ),
          cause: null,
          nextStep,
        },
      ),
    ]
  })
}
