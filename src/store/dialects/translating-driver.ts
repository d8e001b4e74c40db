import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'

/** A connection whose errors are translated; `inner` is the one its driver knows. */
class TranslatingConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection
  readonly #translate: (error: unknown) => unknown

  constructor(inner: DatabaseConnection, translate: (error: unknown) => unknown) {
    this.inner = inner
    this.#translate = translate
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return await this.inner.executeQuery<R>(query)
    } catch (error) {
      throw this.#translate(error)
    }
  }

  async *streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    try {
      yield* this.inner.streamQuery<R>(query, chunkSize)
    } catch (error) {
      throw this.#translate(error)
    }
  }
}

const innerOf = (connection: DatabaseConnection): DatabaseConnection =>
  connection instanceof TranslatingConnection ? connection.inner : connection

/** Returns a driver that does what the given one does and throws `translate(error)` in place of its errors. */
export function translatingDriver(driver: Driver, translate: (error: unknown) => unknown): Driver {
  const translated = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw translate(error)
    }
  }
  return {
    init: (options) => translated(() => driver.init(options)),
    acquireConnection: (options) =>
      translated(async () => new TranslatingConnection(await driver.acquireConnection(options), translate)),
    beginTransaction: (connection, settings) =>
      translated(() => driver.beginTransaction(innerOf(connection), settings)),
    commitTransaction: (connection) => translated(() => driver.commitTransaction(innerOf(connection))),
    rollbackTransaction: (connection) => translated(() => driver.rollbackTransaction(innerOf(connection))),
    releaseConnection: (connection, options) => driver.releaseConnection(innerOf(connection), options),
    destroy: (options) => translated(() => driver.destroy(options)),
  }
}
