/** What the configuration knows of ways to reach servers: names that an inventory entry may use. */
export interface ConnectionNames {
  readonly credentials: readonly string[]
  readonly jumpHosts: readonly string[]
}
