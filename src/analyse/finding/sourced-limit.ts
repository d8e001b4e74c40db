/** A limit that is not configuration, with where it comes from. The unit stands in the name that holds it. */
export interface SourcedLimit {
  readonly limit: number
  /** Section of the product specification, vendor document, paper with its year, or `ours` with the reasoning. */
  readonly source: string
}
