interface ScannerEvents {
  readonly onText: (text: Buffer) => void
  /** Told which marker it was, and what stood behind it on its line. */
  readonly onMarker: (place: number, words: string) => void
}

const EMPTY: Buffer = Buffer.alloc(0)
const NEWLINE = 0x0a

/** Where a marker may begin that has not come whole; the length when it cannot. Its only newline is its first byte. */
function startOfPart(text: Buffer, marker: Buffer): number {
  const at = text.lastIndexOf(NEWLINE)
  const tail = at < 0 ? EMPTY : text.subarray(at)
  const isPart =
    tail.length > 0 && tail.length < marker.length && marker.subarray(0, tail.length).equals(tail)
  return isPart ? at : text.length
}

/** Tells the text of a stream from the marker lines in it, which come in the order given, however it is cut to pieces. */
export class MarkerScanner {
  readonly #markers: readonly Buffer[]
  readonly #events: ScannerEvents
  #place = 0
  #held = EMPTY

  /** Each marker is a newline and text without one. */
  constructor(markers: readonly string[], events: ScannerEvents) {
    this.#markers = markers.map((marker) => Buffer.from(marker))
    this.#events = events
  }

  /** True when all markers have come. */
  get isComplete(): boolean {
    return this.#place >= this.#markers.length
  }

  add(chunk: Buffer): void {
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    this.#held = EMPTY
    while (rest.length > 0) {
      const marker = this.#markers[this.#place]
      if (marker === undefined) {
        this.#events.onText(rest)
        return
      }
      const at = rest.indexOf(marker)
      const end = at < 0 ? -1 : rest.indexOf(NEWLINE, at + marker.length)
      const textEnd = at < 0 ? startOfPart(rest, marker) : at
      if (textEnd > 0) this.#events.onText(rest.subarray(0, textEnd))
      if (end < 0) {
        this.#held = rest.subarray(textEnd)
        return
      }
      this.#place += 1
      this.#events.onMarker(this.#place - 1, rest.toString('latin1', at + marker.length, end).trim())
      rest = rest.subarray(end + 1)
    }
  }

  /** The stream has ended: what looked like the beginning of a marker is text. */
  flush(): void {
    const held = this.#held
    this.#held = EMPTY
    if (held.length > 0) this.#events.onText(held)
  }
}
