import { silentLogger } from '../../src/lib/logger.ts'
import { serveMcpStdio } from '../../src/surfaces/mcp/mcp-stdio.ts'
import { createSampleDoor } from './sample-door.ts'

/** A process that serves the sample door over stdio, for tests that start a real one. */
const connection = serveMcpStdio({
  door: createSampleDoor(),
  actor: { kind: 'local_administrator', name: 'stdio', surface: 'mcp' },
  language: 'zh',
  version: '0.0.0',
  logger: silentLogger,
  stdin: process.stdin,
  stdout: process.stdout,
})
await connection.closed
