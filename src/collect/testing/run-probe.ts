import type { NamedSection } from '../compose-script.ts'
import { composeScript } from '../compose-script.ts'
import type { SplitSection } from '../split-sections.ts'
import { splitSections } from '../split-sections.ts'
import type { LocalTransportOptions } from '../transport/local.ts'
import { createLocalTransport } from '../transport/local.ts'
import type { TransportResult } from '../transport/transport.ts'

/** A fixed nonce for tests. */
export const TEST_NONCE = '0123456789abcdef0123456789abcdef'

/** Returns a section that needs nothing but its body. */
export const sectionOf = (name: string, body: string, timeoutSeconds = 10): NamedSection => ({
  id: `test.${name}`,
  section: { name, body, command: name, timeoutSeconds, privilege: 'none', remedy: null },
})

/** What came of running sections on this machine. */
export interface LocalRun {
  readonly result: Extract<TransportResult, { status: 'ran' }>
  readonly sections: ReadonlyMap<string, SplitSection>
}

/** Runs sections on this machine, under the shell asked for. Throws when the shell did not start. */
export async function runSections(
  sections: readonly NamedSection[],
  options: LocalTransportOptions & { readonly deadlineMs?: number; readonly maxBytes?: number } = {},
): Promise<LocalRun> {
  const result = await createLocalTransport(options).run(composeScript(sections, TEST_NONCE), {
    deadlineMs: options.deadlineMs ?? 60_000,
    maxBytes: options.maxBytes ?? 4_000_000,
    signal: new AbortController().signal,
  })
  if (result.status !== 'ran') throw new Error(`the shell did not run: ${result.message}`)
  return { result, sections: splitSections(result.stdout, result.stderr, TEST_NONCE) }
}
