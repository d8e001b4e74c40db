import type { PciAccelerator } from '../../../domain/facts/gpu.ts'
import { parseCount, parseDecimal } from '../../formats/count.ts'
import { linesOf } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'

/** The address holds colons itself, so the whole line is matched. */
const LINE =
  /^\/sys\/bus\/pci\/devices\/([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])\/([a-z_]{1,30}):(.{0,200})$/

/** PCI ids of makers (pci.ids). */
const VENDORS: Readonly<Record<string, PciAccelerator['vendor']>> = {
  '0x10de': 'nvidia',
  '0x1002': 'amd',
  '0x19e5': 'huawei',
}

/** 0 and 255 stand for a link that is not known (kernel, pci-sysfs.c). */
function widthOf(word: string | undefined): number | null {
  const width = parseCount(word)
  return width === null || width === 0 || width > 32 ? null : width
}

/** `16.0 GT/s PCIe`, `8 GT/s`; `Unknown speed`. */
const speedOf = (words: string | undefined): number | null =>
  parseDecimal(/^(\S{1,8}) GT\/s/.exec(words ?? '')?.[1])

/** Returns GPUs and accelerators on the PCI bus (sysfs-bus-pci; link files from kernel 4.13 on). */
export function parsePci({ stdout }: RawSection): Parsed<readonly PciAccelerator[]> {
  const devices = new Map<string, Map<string, string>>()
  for (const line of linesOf(stdout)) {
    const [, address, file, value] = LINE.exec(line) ?? []
    if (address === undefined || file === undefined || value === undefined) continue
    const files = devices.get(address) ?? new Map<string, string>()
    files.set(file, value.trim())
    devices.set(address, files)
  }
  if (devices.size === 0) return { absent: 'no_data', why: 'no GPU or accelerator on the PCI bus' }
  const value = [...devices].map(([address, files]) => ({
    address,
    vendor: VENDORS[files.get('vendor') ?? ''] ?? 'other',
    driver: files.get('driver') || null,
    linkWidth: widthOf(files.get('current_link_width')),
    linkWidthMaximum: widthOf(files.get('max_link_width')),
    linkGigatransfers: speedOf(files.get('current_link_speed')),
    linkGigatransfersMaximum: speedOf(files.get('max_link_speed')),
  }))
  return { value }
}
