import type { NvidiaGpu } from '../../domain/facts/gpu.ts'

/** Returns a PCI address in one form, without function and with a domain of four digits, such as `0000:3b:00`. */
export const plainAddress = (address: string): string =>
  address
    .toLowerCase()
    .replace(/^0{4}(?=[0-9a-f]{4}:)/, '')
    .replace(/\.[0-7]$/, '')

/** Returns the name of a GPU in findings: by its bus address, which stays when others fail and indexes move. */
export const gpuName = ({ busId, index }: NvidiaGpu): string =>
  busId === null ? `GPU ${index}` : `GPU ${plainAddress(busId)}`
