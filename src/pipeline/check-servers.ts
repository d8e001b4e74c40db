import type { InventoryServer } from '../domain/server.ts'
import type { ServerCheck } from '../domain/server-check.ts'
import { text } from '../domain/text.ts'
import { createFairQueue } from '../lib/fair-queue.ts'
import type { PipelineContext } from './context.ts'

/** Returns the first look at each server, in the order given. A server that cannot be reached is among them with its cause. */
export async function checkServers(
  context: PipelineContext,
  servers: readonly InventoryServer[],
): Promise<readonly ServerCheck[]> {
  const queue = createFairQueue(context.concurrency)
  const askedAt = context.clock.now()
  let done = 0
  const tasks = servers.map((server) =>
    queue.add(async () => {
      context.signal.throwIfAborted()
      const check = await context.check(server, { askedAt, signal: context.signal })
      context.signal.throwIfAborted()
      done += 1
      const message =
        check.unreachable === null
          ? text(`${server.ip} 可登录`, `${server.ip} can be logged in to`)
          : text(`${server.ip}:${check.unreachable.message}`, `${server.ip}: ${check.unreachable.message}`)
      context.progress({ runId: null, step: 'servers_test', done, total: servers.length, message })
      return check
    }),
  )
  try {
    return await Promise.all(tasks)
  } finally {
    queue.clear()
    await queue.onIdle()
  }
}
