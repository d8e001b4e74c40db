import type { DiskFacts } from '../../domain/facts/disk.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import type { FindingDraft } from '../finding/make-finding.ts'
import { bytesText } from '../finding/quantity-text.ts'
import { DISK_LIMITS } from './disk-limits.ts'

const NAMED = 3

/** Returns a finding on space that deleted files hold because a process has them open. */
export function deletedOpenDrafts({ deletedOpenFiles }: DiskFacts): readonly FindingDraft[] {
  const found = deletedOpenFiles === undefined ? null : outcomeValue(deletedOpenFiles)
  if (found === null) return []
  const total = found.files.reduce((sum, { allocatedBytes }) => sum + allocatedBytes, 0)
  if (total < DISK_LIMITS.deletedOpenInfoBytes.limit) return []
  const named = found.files
    .slice(0, NAMED)
    .map(
      ({ path, command, pid, allocatedBytes }) =>
        `${path} ${bytesText(allocatedBytes)} (${command ?? '?'}, PID ${pid})`,
    )
  return [
    {
      kind: 'filesystem',
      component: null,
      evidenceIds: ['disk.deleted_open_files'],
      rule: 'disk.deleted_open_space',
      severity: total >= DISK_LIMITS.deletedOpenWarningBytes.limit ? 'warning' : 'info',
      title: text(
        `已删除但仍被打开的文件占用 ${bytesText(total)}:${named.join('、')}`,
        `Files that are deleted but still open hold ${bytesText(total)}: ${named.join(', ')}`,
      ),
      cause: text(
        '进程关闭该文件之前空间不会释放。',
        'The space comes back only when the process closes the file.',
      ),
      nextStep: text(
        '在维护时段重启该进程,或让它重新打开日志。',
        'Restart the process in a maintenance window, or have it reopen its log.',
      ),
    },
  ]
}
