import type { z } from 'zod'
import type { Effect } from '../domain/actor.ts'
import type { Language, Text } from '../domain/text.ts'
import type { ServiceContext } from './context.ts'

/** How the CLI writes some fields of an operation's input. Of a file field that is named here, the word is a path or `-`. */
interface CommandLineWords {
  /** Fields given as arguments, in this order; a file field at their end is standard input when it is left out. */
  readonly arguments?: readonly string[]
  /** Field → name of its option, without dashes. */
  readonly options?: Readonly<Record<string, string>>
  /** True: the group of the command takes its options too (`inspect --from` for `inspect recording --from`). */
  readonly isDefault?: boolean
}

/**
 * One thing the product can do, from which its MCP tool, CLI command, web API route, chat tool and docs row come.
 * Numbered services and operations have the same shape.
 */
export interface OperationDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  /** Name on every surface; 1–64 of `[a-z0-9_]`. */
  readonly name: string
  /** Three digits; null for an operation. */
  readonly serviceId: string | null
  readonly title: Text
  /** What it does, when to use it and when not. */
  readonly description: Text
  readonly keywords: readonly string[]
  /** Strict object: unknown fields are refused with the list of known ones. */
  readonly input: I
  readonly output: O
  /** Bytes of JSON that the input may have on surfaces that bound it; absent: what the surface takes from everybody. */
  readonly largestInputBytes?: number
  readonly effect: Effect
  /** True: read so often, and made at such cost, that callers who agree may get an answer of some seconds ago. */
  readonly isCacheable?: boolean
  /** True when calling twice does no more than calling once. */
  readonly idempotent: boolean
  /** Words of its own CLI command, for example `['inspect', 'system']`. */
  readonly command: readonly [string, ...string[]]
  /** Absent: every field is the option of its own name. */
  readonly commandLine?: CommandLineWords
  run(context: ServiceContext, input: z.output<I>): Promise<z.output<O>>
  /** One sentence on the result, the envelope's `message`. */
  message(data: z.output<O>): Text
  /** What the CLI prints to a person: Markdown. */
  toMarkdown(data: z.output<O>, language: Language): string
  /** What the CLI prints in place of it, as it is: a script, a page. Null: nothing, the Markdown is printed. */
  toPlainText?(data: z.output<O>): string | null
}

/** Returns the definition with its input and output types tied together. */
export const defineOperation = <I extends z.ZodType, O extends z.ZodType>(
  definition: OperationDefinition<I, O>,
): OperationDefinition<I, O> => definition

/** Returns the definition of a numbered service; its name must be `service_NNN_slug` with the same number. */
export function defineService<I extends z.ZodType, O extends z.ZodType>(
  definition: OperationDefinition<I, O> & { readonly serviceId: string },
): OperationDefinition<I, O> & { readonly serviceId: string } {
  if (!definition.name.startsWith(`service_${definition.serviceId}_`))
    throw new Error(`service ${definition.name} says it is number ${definition.serviceId}`)
  return definition
}

/** A definition whose types are known only to itself; what registries hold. */
// biome-ignore lint/suspicious/noExplicitAny: input and output types differ per entry; callOperation parses both.
export type AnyOperation = OperationDefinition<any, any>
