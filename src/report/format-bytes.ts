const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const

/** Returns a size in binary units (IEC 80000-13), at most one decimal: `512 B`, `1.5 GiB`, `16 GiB`. */
export function formatBytes(sizeBytes: number): string {
  let scaled = sizeBytes
  let position = 0
  while (Math.abs(scaled) >= 1024 && position < UNITS.length - 1) {
    scaled /= 1024
    position += 1
  }
  // 1023.97 MiB would print as 1024 MiB: one unit up reads better.
  if (Math.abs(Number(scaled.toFixed(1))) >= 1024 && position < UNITS.length - 1) {
    scaled /= 1024
    position += 1
  }
  const digits = Number(scaled.toFixed(1))
  return `${digits} ${UNITS[position] ?? 'B'}`
}
