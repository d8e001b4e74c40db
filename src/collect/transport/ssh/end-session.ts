import type { RemoteSession } from './remote-session.ts'
import { killScript } from './remote-session.ts'
import type { SshConnection } from './ssh-connection.ts'

/** What came of ending a remote session. */
export type SessionEnding = 'ended' | 'some_left' | 'not_tried'

const RETRY_MS = 200
const MAX_ANSWER_LENGTH = 1_000

/** Runs the kill script on a channel of its own; null when the server has no channel to spare. */
function killOnce(connection: SshConnection, target: RemoteSession): Promise<SessionEnding | null> {
  return new Promise((resolve) => {
    connection.openShell().then(
      (opening) => {
        if (opening.status === 'busy') return resolve(null)
        if (opening.status !== 'open') return resolve('not_tried')
        const { channel } = opening
        let answer = ''
        channel.on('data', (chunk: Buffer) => {
          if (answer.length < MAX_ANSWER_LENGTH) answer += chunk.toString('latin1')
        })
        channel.stderr.resume()
        channel.on('error', () => resolve('some_left'))
        channel.on('close', () => resolve(/^left 0$/m.test(answer) ? 'ended' : 'some_left'))
        channel.end(killScript(target))
      },
      () => resolve('not_tried'),
    )
  })
}

/** Kills exactly that session on the server, within the time given; best effort, never rejects. */
export function endSession(
  connection: SshConnection,
  target: RemoteSession,
  timeoutMs: number,
): Promise<SessionEnding> {
  return new Promise((resolve) => {
    let isOver = false
    const finish = (ending: SessionEnding): void => {
      isOver = true
      clearTimeout(deadline)
      stopListening()
      resolve(ending)
    }
    const deadline = setTimeout(() => finish('not_tried'), timeoutMs)
    const stopListening = connection.onEnd(() => finish('not_tried'))
    const attempt = (): void => {
      void killOnce(connection, target).then((ending) => {
        if (isOver) return
        if (ending === null) setTimeout(attempt, RETRY_MS)
        else finish(ending)
      })
    }
    attempt()
  })
}
