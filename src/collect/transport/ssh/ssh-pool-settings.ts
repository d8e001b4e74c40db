/** Bounds of an SSH pool. */
export interface SshPoolSettings {
  /** For TCP and key exchange, all attempts of one opening and the waits between them together. */
  readonly connectTimeoutMs: number
  /** For authentication; and again for the first sign of the login shell. */
  readonly loginTimeoutMs: number
  /** A run that prints nothing for so long is ended like one at its deadline; null for no such limit. */
  readonly silenceTimeoutMs: number | null
  /** For ending what is left on the server after a deadline or abort. */
  readonly killTimeoutMs: number
  /** Distance of keep-alive questions; three unanswered ones end the connection. */
  readonly keepAliveIntervalMs: number
  /** A connection that nothing uses is closed after this. */
  readonly idleTimeoutMs: number
  /** Connections to targets held at the same time; beyond it the one idle for longest is closed. Jump hosts not counted. */
  readonly maxConnections: number
  /** Key exchanges and logins going on at the same time; as many again that have become slow (`lib/fair-queue.ts`). */
  readonly maxHandshakes: number
  /** Runs at the same time on one connection. */
  readonly maxChannelsPerHost: number
  /** Runs (with their logins) at the same time through one jump host; as many again that have become slow. */
  readonly maxRunsPerJumpHost: number
  /** A handshake, or a run behind a jump host, that takes longer gives its place to the next one. */
  readonly slowAfterMs: number
  /** Attempts to connect where the server closes before its greeting. */
  readonly maxConnectAttempts: number
  /** First wait between such attempts; doubles with each, jittered from 0.5 to 1.5. */
  readonly connectBackOffMs: number
  /** A refused login is not tried again for this long; doubles with each refusal up to the next. */
  readonly refusalBackOffMs: number
  readonly maxRefusalBackOffMs: number
  /** Bytes of one run that are read and dropped beyond its `maxBytes`, before the run is ended. */
  readonly maxDroppedBytes: number
}

/**
 * Defaults. Sources: sshd_config(5) MaxSessions 10 (two are left for ending sessions and for people), MaxStartups
 * 10:30:100, PerSourcePenalties (OpenSSH 9.8: an address is banned for some 20 s after four wrong passwords, so the
 * first back-off is longer than one ban); handshakes: 30 at once keep one core busy at 5 ms each (measured).
 */
export const DEFAULT_SSH_POOL_SETTINGS: SshPoolSettings = Object.freeze({
  connectTimeoutMs: 20_000,
  loginTimeoutMs: 20_000,
  silenceTimeoutMs: null,
  killTimeoutMs: 5_000,
  keepAliveIntervalMs: 30_000,
  idleTimeoutMs: 300_000,
  maxConnections: 2_000,
  maxHandshakes: 32,
  maxChannelsPerHost: 8,
  maxRunsPerJumpHost: 32,
  slowAfterMs: 5_000,
  maxConnectAttempts: 7,
  connectBackOffMs: 200,
  refusalBackOffMs: 60_000,
  maxRefusalBackOffMs: 3_600_000,
  maxDroppedBytes: 64 * 1024 * 1024,
})
