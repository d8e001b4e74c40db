import { inspect } from 'node:util'

const MASK = '***'

/** Where a secret is kept; itself no secret. */
export type SecretReference =
  | { readonly scheme: 'env'; readonly name: string }
  | { readonly scheme: 'file' /** Absolute. */; readonly path: string }
  | { readonly scheme: 'encrypted'; readonly name: string }

/** A secret in memory. However it is printed it is `***`; only {@link Secret.reveal} gives the value. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** Returns the value. Call it where it is used, and keep it nowhere. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return MASK
  }

  toJSON(): string {
    return MASK
  }

  [inspect.custom](): string {
    return MASK
  }
}
