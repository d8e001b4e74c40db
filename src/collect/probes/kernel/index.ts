import { text } from '../../../domain/text.ts'
import type { Probe } from '../../probe.ts'
import { parseSection } from '../../section-value.ts'
import { parseKernelLog } from './parse-log.ts'
import { KERNEL_SECTIONS as S } from './sections.ts'

/** What the kernel's log tells of hardware, drives, filesystems and the kernel itself. */
export const kernelProbe: Probe<'kernel'> = {
  name: 'kernel',
  title: text('内核日志', 'Kernel log'),
  sections: [S.log],
  parse: (raw) => ({ log: parseSection(raw['log'], S.log.command, parseKernelLog) }),
}
