import type { StepChoice } from '../../domain/run.ts'
import { type Text, text } from '../../domain/text.ts'

/** What a full inspection may do next, in the order in which it is considered. */
const FULL_INSPECTION_ACTIONS = [
  'service_001_system_inspection',
  'service_002_memory_inspection',
  'service_003_disk_inspection',
  'service_004_hardware_summary',
  'finish',
] as const
type FullInspectionAction = (typeof FULL_INSPECTION_ACTIONS)[number]

interface NextStepInput {
  /** Names of the steps that are done; unknown ones are ignored. */
  readonly completed: readonly string[]
  readonly abnormalMemoryIps: readonly string[]
  readonly abnormalDiskIps: readonly string[]
  /** Servers without fresh data: looked at too, since nothing else says how they are. */
  readonly staleIps: readonly string[]
  readonly scope: 'abnormal' | 'all'
  readonly unreachableIps: readonly string[]
  /** Findings of all steps done so far. */
  readonly findingsCount: number
}

/** What considering one action came to: do it, or pass it over and say why. */
type Consideration =
  | { readonly take: true; readonly reason: Text; readonly ips: readonly string[] }
  | { readonly take: false; readonly reason: Text }

/**
 * Returns the next step of a full inspection with the reason in both languages, by rules. Memory and disk inspection
 * are passed over when there is no server for them, unless the scope is `all`, where `ips` is empty and means every
 * server of the run. Never names a step that is done; reaches `finish` within five choices.
 */
export function chooseNextStep(
  input: NextStepInput,
): StepChoice & { readonly action: FullInspectionAction; readonly ips: readonly string[] } {
  const completed = new Set(input.completed)
  const summaryDone = completed.has('service_004_hardware_summary')
  const passedOver: Text[] = []
  for (const action of FULL_INSPECTION_ACTIONS) {
    // After the summary nothing may change what it was written from.
    if (completed.has(action) || (summaryDone && action !== 'finish')) continue
    const considered = consider(action, input)
    if (considered.take)
      return {
        action,
        reason: joinTexts([...passedOver, considered.reason]),
        chosenBy: 'rules',
        ips: considered.ips,
      }
    passedOver.push(considered.reason)
  }
  return {
    action: 'finish',
    reason: text('所有步骤都已完成', 'All steps are done'),
    chosenBy: 'rules',
    ips: [],
  }
}

function consider(action: FullInspectionAction, input: NextStepInput): Consideration {
  switch (action) {
    case 'service_001_system_inspection':
      return take(text('先判断哪些服务器需要检查', 'First find out which servers need a look'))
    case 'service_002_memory_inspection':
      return considerInspection(input, input.abnormalMemoryIps, text('内存', 'memory'))
    case 'service_003_disk_inspection':
      return considerInspection(input, input.abnormalDiskIps, text('磁盘', 'disk'))
    case 'service_004_hardware_summary':
      return take(
        text(
          `检查已完成,共 ${input.findingsCount} 项发现,汇总成报告`,
          `The inspections are done with ${plural(input.findingsCount, 'finding')}: sum them up`,
        ),
      )
    case 'finish':
      return take(text('报告已生成,巡检结束', 'The summary is written: the inspection ends'))
  }
}

const take = (reason: Text, ips: readonly string[] = []): Consideration => ({ take: true, reason, ips })

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

function considerInspection(
  input: NextStepInput,
  abnormalIps: readonly string[],
  subject: Text,
): Consideration {
  if (input.scope === 'all')
    return take(
      text(
        `范围为全部服务器,检查每台的${subject.zh}`,
        `The scope is all servers: inspect the ${subject.en} of each`,
      ),
    )
  const ips = [...new Set([...abnormalIps, ...input.staleIps, ...input.unreachableIps])]
  if (ips.length === 0)
    return {
      take: false,
      reason: text(
        `没有服务器超过${subject.zh}阈值,跳过${subject.zh}检查`,
        `No server is above the ${subject.en} threshold: ${subject.en} inspection is passed over`,
      ),
    }
  return take(reasonToInspect(input, abnormalIps, subject), ips)
}

function reasonToInspect(input: NextStepInput, abnormalIps: readonly string[], subject: Text): Text {
  const parts: Text[] = []
  if (abnormalIps.length > 0)
    parts.push(
      text(
        `${abnormalIps.length} 台服务器超过${subject.zh}阈值`,
        `${plural(abnormalIps.length, 'server')} above the ${subject.en} threshold`,
      ),
    )
  if (input.staleIps.length > 0)
    parts.push(
      text(
        `${input.staleIps.length} 台没有新数据`,
        `${plural(input.staleIps.length, 'server')} without fresh data`,
      ),
    )
  if (input.unreachableIps.length > 0)
    parts.push(
      text(
        `${input.unreachableIps.length} 台此前无法访问`,
        `${plural(input.unreachableIps.length, 'server')} not reached before`,
      ),
    )
  return text(parts.map((part) => part.zh).join(','), parts.map((part) => part.en).join(', '))
}

const joinTexts = (texts: readonly Text[]): Text =>
  text(texts.map((one) => one.zh).join(';'), texts.map((one) => one.en).join('; '))
