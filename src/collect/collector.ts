import { createHash, randomBytes } from 'node:crypto'
import type { Evidence } from '../domain/finding.ts'
import type {
  FactsByProbe,
  ProbeName,
  SectionReport,
  ServerInspection,
  Unreachable,
} from '../domain/inspection.ts'
import { PROBE_NAMES } from '../domain/inspection.ts'
import type { Server } from '../domain/server.ts'
import type { SudoRefusal } from '../domain/sudo-refusal.ts'
import type { Clock } from '../lib/clock.ts'
import { redactText } from '../lib/redact.ts'
import { classifySection } from './classify-section.ts'
import type { NamedSection } from './compose-script.ts'
import { composeScript } from './compose-script.ts'
import type { Probe, ProbeSection, RawOutcome } from './probe.ts'
import { PROBES } from './probes/index.ts'
import { findBusyNote, findRecordedNonce } from './section-markers.ts'
import type { ProbeLock } from './shell/probe-lock.ts'
import { INSPECTION_LOCK, METRICS_LOCK } from './shell/probe-lock.ts'
import type { SplitSection } from './split-sections.ts'
import { splitSections } from './split-sections.ts'
import { findSudoRefusals, withSudoHint } from './sudo-refusals.ts'
import type { Transport, TransportResult } from './transport/transport.ts'

const MAX_EXCERPT_LENGTH = 4_000
const MAX_MESSAGE_LENGTH = 500

/** What one look at a server needs. */
export interface InspectServerOptions {
  readonly transport: Transport
  readonly server: Server
  /** Repeated names count once; they run in the order of PROBE_NAMES. */
  readonly probes: readonly ProbeName[]
  /** Ids (`probe.section`) of sections that are neither run nor reported. Default: none. */
  readonly leaveOut?: readonly string[]
  readonly clock: Clock
  readonly signal: AbortSignal
  /** For the whole look; {@link longestRunMs} never cuts a section short. */
  readonly deadlineMs: number
  /** Of stdout and of stderr. */
  readonly maxBytes: number
  /** 32 hexadecimal digits, new for every run. Default: random. */
  readonly nonce?: () => string
  /** Commands that sudo refused there lately and is not asked for now. Default: none. */
  readonly sudoRefusals?: readonly SudoRefusal[]
  /** Told the commands that sudo refused in this look, when there are any. */
  readonly onSudoRefused?: (commands: readonly string[]) => void
}

type Ran = Extract<TransportResult, { status: 'ran' }>
type MutableFacts = { -readonly [Name in ProbeName]?: FactsByProbe[Name] }

/** Returns 128 random bits as 32 hexadecimal digits. */
export const randomNonce = (): string => randomBytes(16).toString('hex')

const inOrder = (names: readonly ProbeName[]): readonly ProbeName[] =>
  PROBE_NAMES.filter((name) => names.includes(name))

/** Returns the probe with its name's own types. */
function probeOf<Name extends ProbeName>(name: Name): Probe<Name> {
  const probes: { readonly [N in ProbeName]: Probe<N> } = PROBES
  return probes[name]
}

/** Returns the sections of the probes, in the order in which they run. */
export const sectionsOf = (names: readonly ProbeName[]): readonly NamedSection[] =>
  inOrder(names).flatMap((name) =>
    probeOf(name).sections.map((section) => ({ id: `${name}.${section.name}`, section })),
  )

/** Returns the lock under which these probes run: metrics never wait for an inspection. */
export const lockOf = (names: readonly ProbeName[]): ProbeLock =>
  names.every((name) => name === 'metrics') ? METRICS_LOCK : INSPECTION_LOCK

/**
 * Returns the time after which every section of these probes has ended or was stopped by its own timeout, with 5 s to
 * start and the longest wait for the look before.
 */
export const longestRunMs = (names: readonly ProbeName[]): number =>
  sectionsOf(names).reduce(
    (sum, { section }) => sum + (section.timeoutSeconds + 1) * 1_000,
    5_000 + lockOf(names).waitSeconds * 1_000,
  )

/** Returns whether something in these probes runs as root. */
export const needRoot = (names: readonly ProbeName[]): boolean =>
  sectionsOf(names).some(({ section }) => section.privilege === 'root')

/** What to say of a connection that was lost before every section had ended; null when none was. */
function lostInTheMiddle(
  ran: Ran,
  sections: readonly NamedSection[],
  split: ReadonlyMap<string, SplitSection>,
): Unreachable | null {
  if (ran.connectionLost !== true) return null
  const total = sections.length
  const read = sections.filter(({ id }) => typeof split.get(id)?.exitCode === 'number').length
  if (read === total) return null
  const message = `the connection was lost in the middle: ${read} of ${total} sections had been read`
  return { reason: 'connect_failed', message }
}

/** A run in which not one section began: another look was there, the shell did not work, or the machine hung at once. */
function whyNothingRan(ran: Ran, nonce: string): Unreachable {
  const holders = findBusyNote(ran.stdout, nonce)
  if (holders !== null) {
    const who = holders === '' ? '' : ` (${redactText(holders)})`
    return {
      reason: 'busy',
      message: `an earlier look at it is still running there${who}; nothing was started beside it`,
    }
  }
  const said = redactText(
    Buffer.concat([ran.stderr, ran.stdout])
      .toString('utf8')
      .slice(0, 4 * MAX_MESSAGE_LENGTH),
  ).trim()
  const message =
    said.slice(0, MAX_MESSAGE_LENGTH) || `the shell printed nothing (exit code ${ran.exitCode ?? 'none'})`
  return { reason: ran.timedOut ? 'timeout' : 'shell_failed', message }
}

function toEvidence(
  id: string,
  command: string,
  split: SplitSection,
  where: { server: string; at: Date },
): Evidence {
  // Cut generously before redacting and exactly after it: redaction may change the length.
  const text = [split.stdout, split.stderr === '' ? '' : `[stderr]\n${split.stderr}`]
    .filter(Boolean)
    .join('\n')
  return {
    id,
    server: where.server,
    command,
    at: where.at,
    excerpt: redactText(text.slice(0, 2 * MAX_EXCERPT_LENGTH)).slice(0, MAX_EXCERPT_LENGTH),
    rawSha256: createHash('sha256').update(split.stdoutBytes).digest('hex'),
  }
}

const isOutcome = (value: unknown): value is { readonly status: SectionReport['status'] } =>
  typeof value === 'object' && value !== null && 'status' in value && typeof value.status === 'string'

const camelCase = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase())

/** The status after parsing. A probe of one section is its outcome itself; else facts are keyed by the section's name. */
function statusAfterParsing(facts: unknown, section: string, raw: RawOutcome): SectionReport['status'] {
  if (isOutcome(facts)) return facts.status
  if (typeof facts !== 'object' || facts === null) return raw.status
  const entry: unknown = new Map<string, unknown>(Object.entries(facts)).get(camelCase(section))
  return isOutcome(entry) ? entry.status : raw.status
}

const remedyOf = (section: ProbeSection, found: SplitSection | undefined): SectionReport['remedy'] =>
  withSudoHint(section.remedy, found?.stderr ?? '')

interface Reading {
  readonly facts: MutableFacts
  readonly sections: readonly SectionReport[]
}

function readProbes(
  names: readonly ProbeName[],
  sectionsRun: readonly NamedSection[],
  { split, ran, now }: { split: ReadonlyMap<string, SplitSection>; ran: Ran; now: Date },
): Reading {
  const idsRun = new Set(sectionsRun.map(({ id }) => id))
  const facts: MutableFacts = {}
  const sections: SectionReport[] = []
  const read = <Name extends ProbeName>(name: Name): void => {
    const probe = probeOf(name)
    const probeSections = probe.sections.filter((section) => idsRun.has(`${name}.${section.name}`))
    const raw = Object.fromEntries(
      probeSections.map((section) => [
        section.name,
        classifySection(split.get(`${name}.${section.name}`), section.command, ran),
      ]),
    )
    const parsed: MutableFacts[Name] = probe.parse(raw, now)
    facts[name] = parsed
    for (const section of probeSections) {
      const outcome = raw[section.name]
      if (outcome === undefined) continue
      const status = statusAfterParsing(parsed, section.name, outcome)
      const mendable = status === 'unsupported' || status === 'denied'
      const { command } = section
      sections.push({
        id: `${name}.${section.name}`,
        status,
        command,
        remedy: mendable ? remedyOf(section, split.get(`${name}.${section.name}`)) : null,
      })
    }
  }
  for (const name of names) read(name)
  return { facts, sections }
}

/**
 * Returns what the probes found on one server, in one round trip. Never throws for what the server does: an unreached
 * server has `unreachable`, an unread section its own absence, and every section that printed anything its evidence.
 */
export async function inspectServer(options: InspectServerOptions): Promise<ServerInspection> {
  const { transport, server, clock } = options
  const names = inOrder(options.probes)
  const leaveOut = options.leaveOut ?? []
  const sections = sectionsOf(names).filter(({ id }) => !leaveOut.includes(id))
  const ownNonce = (options.nonce ?? randomNonce)()
  const script = composeScript(sections, ownNonce, {
    lock: lockOf(names),
    sudoRefusals: options.sudoRefusals ?? [],
  })
  const startedAt = clock.now()
  const result = await transport.run(script, options)
  const finishedAt = clock.now()
  const base = { serverId: server.id, serverIp: server.ip, startedAt, finishedAt }
  const unread = (unreachable: Unreachable): ServerInspection => ({
    ...base,
    unreachable,
    facts: {},
    sections: [],
    evidence: [],
  })
  if (result.status === 'unreachable') return unread({ reason: result.reason, message: result.message })
  // A recording carries the markers of the script that made it.
  const nonce = transport.kind === 'replay' ? (findRecordedNonce(result.stdout) ?? ownNonce) : ownNonce
  const split = splitSections(result.stdout, result.stderr, nonce)
  const unreachable = lostInTheMiddle(result, sections, split)
  if (split.size === 0) return unread(unreachable ?? whyNothingRan(result, nonce))
  const refused = [...split.values()].flatMap(({ stderr }) => findSudoRefusals(stderr))
  if (refused.length > 0) options.onSudoRefused?.(refused)
  const reading = readProbes(names, sections, { split, ran: result, now: finishedAt })
  const evidence = sections.flatMap(({ id, section }) => {
    const found = split.get(id)
    return found === undefined
      ? []
      : [toEvidence(id, section.command, found, { server: server.ip, at: finishedAt })]
  })
  return { ...base, unreachable, facts: reading.facts, sections: reading.sections, evidence }
}
