type LogMethod = (fields: Record<string, unknown>, message: string) => void

/** The few methods of a pino logger that the product uses; any pino instance satisfies it. */
export interface Logger {
  readonly debug: LogMethod
  readonly info: LogMethod
  readonly warn: LogMethod
  readonly error: LogMethod
}

const nothing: LogMethod = () => undefined

/** A logger that drops everything, for pure tests. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing }
