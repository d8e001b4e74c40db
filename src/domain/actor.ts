/** What an operation does to the world. Reading and collecting never ask for confirmation. */
export type Effect = 'read' | 'collect' | 'send' | 'change'

/** The door through which a call came in. */
export type Surface = 'cli' | 'http' | 'mcp' | 'schedule' | 'startup'

/** Who acts. Every call carries one, and every audit row says which. */
export type Actor =
  | { readonly kind: 'local_administrator'; readonly name: string; readonly surface: Surface }
  | {
      readonly kind: 'token'
      readonly name: string
      readonly surface: Surface
      /** Effects this token may cause. */
      readonly scopes: readonly Effect[]
    }
  | { readonly kind: 'system'; readonly name: string; readonly surface: Surface }

/** True when the actor may cause the effect. */
export const mayCause = (actor: Actor, effect: Effect): boolean =>
  actor.kind === 'token' ? actor.scopes.includes(effect) : true
