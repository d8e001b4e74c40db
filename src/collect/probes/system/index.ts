import { text } from '../../../domain/text.ts'
import type { Probe } from '../../probe.ts'
import { parseSection } from '../../section-value.ts'
import { parseBmc, parseBmcLan } from './parse-bmc.ts'
import { parseBoard } from './parse-board.ts'
import { parseBoots } from './parse-boots.ts'
import { parseCpu } from './parse-cpu.ts'
import { parseOs } from './parse-os.ts'
import { parseTimeSync } from './parse-time-sync.ts'
import { parseUptime } from './parse-uptime.ts'
import { parseVirtualization } from './parse-virtualization.ts'
import { SYSTEM_SECTIONS as S } from './sections.ts'

/** What the machine is (operating system, CPUs, board, BMC, virtualization), when and why it was booted, and its clock. */
export const systemProbe: Probe<'system'> = {
  name: 'system',
  title: text('系统信息', 'System'),
  sections: [S.os, S.cpu, S.board, S.uptime, S.virtualization, S.boots, S.timeSync, S.bmc, S.bmcLan],
  parse: (raw) => ({
    os: parseSection(raw['os'], S.os.command, parseOs),
    cpu: parseSection(raw['cpu'], S.cpu.command, parseCpu),
    board: parseSection(raw['board'], S.board.command, parseBoard),
    uptime: parseSection(raw['uptime'], S.uptime.command, parseUptime),
    virtualization: parseSection(raw['virtualization'], S.virtualization.command, parseVirtualization),
    bmc: parseSection(raw['bmc'], S.bmc.command, parseBmc),
    bmcLan: parseSection(raw['bmc_lan'], S.bmcLan.command, parseBmcLan),
    boots: parseSection(raw['boots'], S.boots.command, parseBoots),
    timeSync: parseSection(raw['time_sync'], S.timeSync.command, parseTimeSync),
  }),
}
