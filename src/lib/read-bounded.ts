/** Returns all that a stream gives. Throws RangeError as soon as that is more than `mostBytes`, and reads no further. */
export async function readBounded(
  stream: AsyncIterable<string | Uint8Array>,
  mostBytes: number,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > mostBytes) throw new RangeError(`more than ${mostBytes} bytes`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}
