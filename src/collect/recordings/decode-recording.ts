const starts = (bytes: Uint8Array, mark: readonly number[]): boolean =>
  mark.every((byte, index) => bytes[index] === byte)

/**
 * Returns the text of a recorded output: UTF-8, UTF-16 with a byte order mark (PowerShell's `>`), else Latin-1, in which
 * every byte is a character (tools of a server whose locale is not UTF-8). The byte order mark is left out.
 */
export function decodeRecording(bytes: Uint8Array): string {
  if (starts(bytes, [0xff, 0xfe])) return new TextDecoder('utf-16le').decode(bytes)
  if (starts(bytes, [0xfe, 0xff])) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return Buffer.from(bytes).toString('latin1')
  }
}
