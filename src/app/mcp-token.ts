import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { resolveSecret, type SecretSources } from '../config/resolve-secret.ts'
import type { SecretReference } from '../config/secret.ts'
import type { Actor } from '../domain/actor.ts'
import { isSameSecret } from '../lib/net/bearer-token.ts'

/** File that holds the MCP token when the configuration names none. */
const mcpTokenFile = (config: Config): string => join(config.dataDirectory, 'mcp.token')

/**
 * Makes the MCP token file (mode 0600, 256 random bits) unless it exists or the configuration names another source.
 * Returns where the token is kept, for people.
 */
export function ensureMcpToken(config: Config): string {
  const path = mcpTokenFile(config)
  if (config.mcp.token !== null) return describeReference(config.mcp.token)
  mkdirSync(config.dataDirectory, { recursive: true, mode: 0o700 })
  let descriptor: number
  try {
    descriptor = openSync(path, 'wx', 0o600)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return path
    throw error
  }
  try {
    writeSync(descriptor, `${randomBytes(32).toString('base64url')}\n`)
  } finally {
    closeSync(descriptor)
  }
  return path
}

/** Returns the check of bearer tokens: constant in time, whatever the length of what is offered. */
export async function createTokenCheck(
  config: Config,
  sources: SecretSources,
): Promise<(token: string) => Actor | null> {
  const token = await readToken(config, sources)
  const actor: Actor = { kind: 'token', name: 'mcp', surface: 'mcp', scopes: ['read', 'collect', 'change'] }
  return (offered) => (isSameSecret(offered, token) ? actor : null)
}

const describeReference = (reference: SecretReference): string =>
  reference.scheme === 'file' ? reference.path : `${reference.scheme}:${reference.name}`

async function readToken(config: Config, sources: SecretSources): Promise<string> {
  if (config.mcp.token === null) return readFileSync(ensureMcpToken(config), 'utf8').trim()
  const secret = await resolveSecret(config.mcp.token, sources)
  return secret.reveal()
}
