import { text } from '../../../domain/text.ts'
import type { Probe } from '../../probe.ts'
import { parseSection } from '../../section-value.ts'
import { parseBoard } from './parse-board.ts'
import { parseCpu } from './parse-cpu.ts'
import { parseOs } from './parse-os.ts'
import { parseUptime } from './parse-uptime.ts'
import { parseVirtualization } from './parse-virtualization.ts'
import { SYSTEM_SECTIONS as S } from './sections.ts'

/** What the machine is: operating system, CPUs, board, uptime, virtualization. */
export const systemProbe: Probe<'system'> = {
  name: 'system',
  title: text('系统信息', 'System'),
  sections: [S.os, S.cpu, S.board, S.uptime, S.virtualization],
  parse: (raw) => ({
    os: parseSection(raw['os'], S.os.command, parseOs),
    cpu: parseSection(raw['cpu'], S.cpu.command, parseCpu),
    board: parseSection(raw['board'], S.board.command, parseBoard),
    uptime: parseSection(raw['uptime'], S.uptime.command, parseUptime),
    virtualization: parseSection(raw['virtualization'], S.virtualization.command, parseVirtualization),
  }),
}
