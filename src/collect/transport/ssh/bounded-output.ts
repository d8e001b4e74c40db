/** Bytes of one stream, kept up to a bound. */
export interface BoundedOutput {
  add(chunk: Buffer): void
  bytes(): Buffer
  isTruncated(): boolean
  /** How many bytes were read and not kept. */
  droppedBytes(): number
}

/** Returns an empty output that keeps the first `maxBytes`. */
export function createBoundedOutput(maxBytes: number): BoundedOutput {
  const chunks: Buffer[] = []
  let kept = 0
  let dropped = 0
  return {
    add(chunk) {
      const part = chunk.subarray(0, Math.max(0, maxBytes - kept))
      dropped += chunk.length - part.length
      if (part.length === 0) return
      chunks.push(part)
      kept += part.length
    },
    bytes: () => Buffer.concat(chunks),
    isTruncated: () => dropped > 0,
    droppedBytes: () => dropped,
  }
}
