import { text } from '../../../domain/text.ts'
import type { Probe } from '../../probe.ts'
import { parseSection } from '../../section-value.ts'
import { parseNpu } from './parse-npu.ts'
import { parseNvidia } from './parse-nvidia.ts'
import { parsePci } from './parse-pci.ts'
import { parseXid } from './parse-xid.ts'
import { GPU_SECTIONS as S } from './sections.ts'

/** GPUs and NPUs: what is on the bus, ECC and row remapping, temperature, power, links, and faults in the kernel log. */
export const gpuProbe: Probe<'gpu'> = {
  name: 'gpu',
  title: text('GPU 与 NPU', 'GPU and NPU'),
  sections: [S.pci, S.nvidia, S.xid, S.npu],
  parse: (raw) => ({
    pci: parseSection(raw['pci'], S.pci.command, parsePci),
    nvidia: parseSection(raw['nvidia'], S.nvidia.command, parseNvidia),
    xid: parseSection(raw['xid'], S.xid.command, parseXid),
    npu: parseSection(raw['npu'], S.npu.command, parseNpu),
  }),
}
