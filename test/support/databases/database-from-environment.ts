import process from 'node:process'
import type { DatabaseConnection } from './database-server.ts'

const VARIABLES = { MariaDB: 'SMART_OPS_TEST_MARIADB', MySQL: 'SMART_OPS_TEST_MYSQL' } as const

/**
 * Returns how to log in to the server that the test run started, from its variable `host:port:user:password`;
 * null when the run has none. Throws on a variable of another form.
 */
export function databaseFromEnvironment(server: keyof typeof VARIABLES): DatabaseConnection | null {
  const variable = VARIABLES[server]
  const found = process.env[variable]
  if (found === undefined || found === '') return null
  const match = /^([^:]+):(\d+):([^:]+):(.*)$/.exec(found)
  if (match === null) throw new Error(`${variable} must be host:port:user:password`)
  const [, host = '', port = '', user = '', password = ''] = match
  return { host, port: Number(port), user, password }
}
