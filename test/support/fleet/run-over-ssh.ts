import { Client, type ClientChannel, type ConnectConfig } from 'ssh2'
import type {
  Transport,
  TransportResult,
  TransportRunOptions,
} from '../../../src/collect/transport/transport.ts'

/** What a bare ssh2 client saw of one command. */
export interface SeenRun {
  /** Null when it never came. */
  readonly exitCode: number | null
  readonly stdout: Buffer
  readonly stderr: Buffer
  /** How it ended: by itself, by an error of the connection (its text), by a close without one, or not in time. */
  readonly end: 'exit' | 'closed' | 'deadline' | { readonly error: string }
  readonly banner: string | null
}

export interface BareRunOptions extends ConnectConfig {
  readonly stdin?: string
  readonly deadlineMs: number
}

/** Connects, runs one command and closes: the plainest client there is, to check the fleet and to measure against. */
export function runOverSsh(
  command: string,
  { stdin, deadlineMs, ...config }: BareRunOptions,
): Promise<SeenRun> {
  return new Promise((resolve) => {
    const client = new Client()
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    let banner: string | null = null
    let exitCode: number | null = null
    const finish = (end: SeenRun['end']): void => {
      clearTimeout(timer)
      client.destroy()
      resolve({ exitCode, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), end, banner })
    }
    const timer = setTimeout(() => finish('deadline'), deadlineMs)
    const take = (channel: ClientChannel): void => {
      channel.on('data', (chunk: Buffer) => stdout.push(chunk))
      channel.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
      channel.on('exit', (code: number | null) => {
        exitCode = code
      })
      channel.on('close', () => finish(exitCode === null ? 'closed' : 'exit'))
      channel.end(stdin ?? '')
    }
    client
      .on('banner', (text) => {
        banner = text
      })
      .on('ready', () =>
        client.exec(command, (error, channel) =>
          error === undefined ? take(channel) : finish({ error: error.message }),
        ),
      )
      .on('error', (error) => finish({ error: error.message }))
      .on('close', () => finish('closed'))
      .connect({ readyTimeout: deadlineMs, ...config })
  })
}

/** Returns a transport over the same client, to run the product's own probe script against a host of the fleet. */
export const bareTransport = (config: ConnectConfig): Transport => ({
  kind: 'ssh',
  async run(script: string, { deadlineMs }: TransportRunOptions): Promise<TransportResult> {
    const seen = await runOverSsh('sh', { ...config, stdin: script, deadlineMs })
    if (typeof seen.end === 'object')
      return { status: 'unreachable', reason: 'connect_failed', message: seen.end.error }
    const { exitCode, stdout, stderr } = seen
    return {
      status: 'ran',
      exitCode,
      stdout,
      stderr,
      truncated: false,
      timedOut: seen.end === 'deadline',
      durationMs: 0,
    }
  },
})
