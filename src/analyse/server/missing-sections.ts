import type { Finding } from '../../domain/finding.ts'
import type { SectionReport } from '../../domain/inspection.ts'
import { type Text, text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { makeFinding } from '../finding/make-finding.ts'
import { isVirtualMachine } from './is-virtual-machine.ts'

/** Sections without which a judgement is missing; `hardware` ones say nothing in a virtual machine. Source: ours. */
const MATTERING_SECTIONS: Readonly<Record<string, 'always' | 'hardware'>> = {
  'metrics.sample': 'always',
  'system.boots': 'always',
  'system.time_sync': 'always',
  'memory.meminfo': 'always',
  'memory.processes': 'always',
  'memory.inventory': 'hardware',
  'memory.edac': 'hardware',
  'disk.filesystems': 'always',
  'disk.block_devices': 'always',
  'disk.md_arrays': 'always',
  'disk.smart': 'hardware',
  'disk.hardware_raid': 'hardware',
  'disk.md_details': 'hardware',
  'disk.zfs_pools': 'always',
  'disk.multipath': 'hardware',
  'sensors.hwmon': 'hardware',
  'sensors.ipmi': 'hardware',
  'sensors.ipmi_sel': 'hardware',
  'network.interfaces': 'always',
  'network.bonds': 'always',
  'gpu.nvidia': 'always',
  'gpu.xid': 'always',
  'gpu.npu': 'always',
  'kernel.log': 'always',
}

type MissingStatus = 'denied' | 'timeout' | 'unparseable'

const REASONS: Readonly<Record<MissingStatus, Text>> = {
  denied: text('权限不足', 'permission denied'),
  timeout: text('超时', 'timed out'),
  unparseable: text('输出无法解析', 'output not understood'),
}

const DEFAULT_STEPS: Readonly<Record<MissingStatus, Text>> = {
  denied: text('授予巡检账号执行该命令的权限。', 'Permit the inspecting account to run this command.'),
  timeout: text(
    '在该服务器上手工执行该命令,看它停在何处。',
    'Run the command on the server by hand and see where it hangs.',
  ),
  unparseable: text(
    '在该服务器上手工执行该命令,核对其输出。',
    'Run the command on the server by hand and look at its output.',
  ),
}

const isMissing = (status: SectionReport['status']): status is MissingStatus =>
  status === 'denied' || status === 'timeout' || status === 'unparseable'

/** Returns one info finding per section that matters and could not be read, with what would make it readable. */
export function findMissingSections(input: AssessmentInput): readonly Finding[] {
  const isVirtual = isVirtualMachine(input.inspection)
  return input.inspection.sections.flatMap(({ id, status, command, remedy }) => {
    const matters = MATTERING_SECTIONS[id]
    if (matters === undefined || (matters === 'hardware' && isVirtual) || !isMissing(status)) return []
    const reason = REASONS[status]
    const finding = makeFinding(input, {
      rule: 'data.section_missing',
      severity: 'info',
      kind: 'data',
      component: id,
      title: text(`未能读取 ${id}:${reason.zh}(${command})`, `${id} was not read: ${reason.en} (${command})`),
      cause: text(
        '相关项目未作判断,不等于正常。',
        'What rests on it was not judged, which does not mean that it is well.',
      ),
      nextStep: remedy ?? DEFAULT_STEPS[status],
      evidenceIds: [id],
    })
    return [finding]
  })
}
