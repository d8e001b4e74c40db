/** Started databases and where the tests find them. */
export interface TestDatabases {
  /** `SMART_OPS_TEST_MARIADB` and `SMART_OPS_TEST_MYSQL`, each `host:port:user:password`; absent when there is none. */
  readonly env: NodeJS.ProcessEnv
  stop(): Promise<void>
}

/** Starts the databases. */
export async function startDatabases(_privateFolder: string): Promise<TestDatabases> {
  return { env: {}, stop: async () => undefined }
}
