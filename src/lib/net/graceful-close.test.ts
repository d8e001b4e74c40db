import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { it } from 'node:test'
import { closeGracefully } from './graceful-close.ts'
import { idleConnectionsOf } from './idle-connections.ts'
import { listenObstacle, originOf } from './listening.ts'

/** Returns the steps that were taken when closing ends after the step named. */
async function stepsUntil(end: 'close' | 'abort' | 'destroy'): Promise<readonly string[]> {
  const taken: string[] = []
  const closed = Promise.withResolvers<void>()
  const step = (name: string) => () => {
    taken.push(name)
    if (name === end) closed.resolve()
  }
  await closeGracefully({
    close: () => {
      step('close')()
      return closed.promise
    },
    closeIdle: () => undefined,
    graceMs: 20,
    abort: step('abort'),
    abortMs: 20,
    destroy: step('destroy'),
  })
  return taken
}

it('aborts and destroys only what did not end before', async () => {
  assert.deepEqual(await stepsUntil('close'), ['close'])
  assert.deepEqual(await stepsUntil('abort'), ['close', 'abort'])
  assert.deepEqual(await stepsUntil('destroy'), ['close', 'abort', 'destroy'])
})

it('passes on what closing fails with', async () => {
  const close = () => Promise.reject(new Error('not open'))
  const nothing = () => undefined
  await assert.rejects(
    closeGracefully({
      close,
      closeIdle: nothing,
      graceMs: 20,
      abort: nothing,
      abortMs: 20,
      destroy: nothing,
    }),
    /not open/,
  )
})

it('hangs up connections that were opened and never used', { timeout: 5_000 }, async (test) => {
  const server = createServer((_request, response) => response.end('ok'))
  test.after(() => server.closeAllConnections())
  const closeIdle = idleConnectionsOf(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const opened = once(server, 'connection')
  const socket = connect(port, '127.0.0.1')
  await opened
  const hungUp = once(socket, 'close')
  const closed = once(server, 'close')
  server.close()
  closeIdle()
  await Promise.all([hungUp, closed])
})

it('knows why listening failed', () => {
  const failure = (code: string) => listenObstacle(Object.assign(new Error(code), { code }))
  assert.equal(failure('EADDRINUSE'), 'port_taken')
  assert.equal(failure('EACCES'), 'not_permitted')
  assert.equal(failure('EADDRNOTAVAIL'), 'no_such_address')
  assert.equal(failure('EMFILE'), null)
  assert.equal(listenObstacle('EADDRINUSE'), null)
})

it('names an address as one would type it', () => {
  assert.equal(originOf('0.0.0.0', 80), 'http://127.0.0.1:80')
  assert.equal(originOf('::', 8080), 'http://[::1]:8080')
  assert.equal(originOf('fd00::5', 8080), 'http://[fd00::5]:8080')
  assert.equal(originOf('localhost', 8080), 'http://localhost:8080')
})
