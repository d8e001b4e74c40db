/** The key that a host showed, as recorded when it was first met. */
export interface KnownHost {
  readonly host: string
  readonly port: number
  /** As SSH calls it, for example `ssh-ed25519`. */
  readonly keyType: string
  /** `SHA256:` and the base64 digest without padding, as OpenSSH prints it. */
  readonly fingerprint: string
  readonly firstSeenAt: Date
  /** Last time that this same key was shown. */
  readonly lastSeenAt: Date
}

/** A key as a host shows it now. */
export type ShownHostKey = Pick<KnownHost, 'host' | 'port' | 'keyType' | 'fingerprint'> & {
  readonly at: Date
}
