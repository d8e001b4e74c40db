import type { MemorySlot } from '../../domain/facts/memory.ts'

/** Returns true when the memory is soldered to the board: form factor "Row Of Chips", or an LPDDR type that is on no module. */
export function isSoldered(slots: readonly MemorySlot[]): boolean {
  const modules = slots.flatMap(({ module }) => (module === null ? [] : [module]))
  return (
    modules.length > 0 &&
    modules.every(
      ({ formFactor, generation }) =>
        (formFactor ?? '').toLowerCase() === 'row of chips' ||
        // LPCAMM2 modules carry LPDDR and can be changed.
        ((generation ?? '').startsWith('LPDDR') && !(formFactor ?? '').toUpperCase().includes('CAMM')),
    )
  )
}
