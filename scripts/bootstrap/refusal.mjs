/** A reason not to go on that a person can do something about, in both languages. */
export class Refusal extends Error {
  constructor(zh, en, output = '') {
    super(en)
    this.zh = zh
    /** Last lines of the program that failed; empty when there is none. */
    this.output = output
  }
}

/** Prints a refusal in both languages; anything else is a defect and is printed with its stack. */
export function complain(error) {
  if (!(error instanceof Refusal)) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    return
  }
  if (error.output !== '') process.stderr.write(`${error.output}\n\n`)
  process.stderr.write(`smart-ops: ${error.zh}\nsmart-ops: ${error.message}\n`)
}
