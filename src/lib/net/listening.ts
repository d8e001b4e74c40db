/** Why a server could not listen; null when the error is about something else. */
export type ListenObstacle = 'port_taken' | 'not_permitted' | 'no_such_address'

const OBSTACLES: ReadonlyMap<unknown, ListenObstacle> = new Map<unknown, ListenObstacle>([
  ['EADDRINUSE', 'port_taken'],
  ['EACCES', 'not_permitted'],
  ['EPERM', 'not_permitted'],
  ['EADDRNOTAVAIL', 'no_such_address'],
  ['ENOTFOUND', 'no_such_address'],
  ['EAI_AGAIN', 'no_such_address'],
])

/** Returns what an error of `listen` means; null when it is not one that a setting could mend. */
export const listenObstacle = (error: unknown): ListenObstacle | null =>
  error instanceof Error && 'code' in error ? (OBSTACLES.get(error.code) ?? null) : null

/** Returns `http://host:port` as one would type it on the machine itself: a wildcard address becomes loopback. */
export function originOf(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`
  if (host === '::') return `http://[::1]:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
