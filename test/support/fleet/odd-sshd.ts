import { createServer, type Socket } from 'node:net'
import ssh2 from 'ssh2'
import type { OddFault } from './host-fault.ts'

/** A server in front of the fleet that speaks SSH and does what no real sshd does. */
export interface OddSshd {
  close(): Promise<void>
}

export interface OddSshdOptions {
  readonly port: number
  /** OpenSSH form. */
  readonly hostKey: string
  /** The fleet's sshd, and how to log in there. */
  readonly target: { readonly port: number; readonly username: string; readonly privateKey: string }
  /** Returns the fault of a dialled address, asked at every new connection; null is none. */
  faultOf(address: string): OddFault | null
}

/** Where a command is really run. */
interface Target extends ssh2.ConnectConfig {
  readonly host: string
}

/** Ends the channel in the way that the fault says, after all that the command printed. */
function endOddly(channel: ssh2.ServerChannel, fault: OddFault, code: number): void {
  if (fault.kind === 'exit-signal') channel.exit('KILL', true, 'out of memory')
  if (fault.kind === 'never-closed') channel.exit(code)
  else channel.end()
}

/** Runs the command at the fleet's sshd and passes on everything but its end. */
function relay(command: string, channel: ssh2.ServerChannel, fault: OddFault, target: Target): void {
  const client = new ssh2.Client()
  let code = 0
  channel.on('close', () => client.end())
  client
    .on('error', () => channel.close())
    .on('ready', () =>
      client.exec(command, (error, far) => {
        if (error !== undefined) {
          channel.close()
          return
        }
        channel.pipe(far)
        far.pipe(channel, { end: false })
        far.stderr.pipe(channel.stderr, { end: false })
        far.on('exit', (said: number | null) => {
          code = said ?? 0
        })
        far.on('close', () => {
          client.end()
          endOddly(channel, fault, code)
        })
      }),
    )
    .connect(target)
}

function serve(connection: ssh2.Connection, fault: OddFault, target: Target): void {
  connection.on('error', () => connection.end())
  connection.on('authentication', (login) => {
    if (fault.kind === 'hang-in-login') return
    // Who may come in is the fleet's business; here a key or a password of any kind will do.
    if (login.method === 'none') login.reject(['publickey', 'password'])
    else login.accept()
  })
  connection.on('session', (acceptSession) =>
    acceptSession().on('exec', (accept, reject, { command }) => {
      if (fault.kind === 'exec-unanswered') return
      if (fault.kind === 'exec-refused') reject()
      else relay(command, accept(), fault, target)
    }),
  )
}

/** Starts the server. Closing ends its connections too. */
export async function startOddSshd(options: OddSshdOptions): Promise<OddSshd> {
  const open = new Set<Socket>()
  const listener = createServer({ noDelay: true }, (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    const host = (socket.localAddress ?? '').replace('::ffff:', '')
    const fault = options.faultOf(host)
    if (fault === null) {
      socket.destroy()
      return
    }
    const server = new ssh2.Server({ hostKeys: [options.hostKey] }, (connection) =>
      serve(connection, fault, { host, ...options.target }),
    )
    server.injectSocket(socket)
  })
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(options.port, '0.0.0.0', resolve)
  })
  return {
    close: async () => {
      const closed = new Promise((resolve) => listener.close(resolve))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
