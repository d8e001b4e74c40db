import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { text } from '../../domain/text.ts'
import { createProgressLine } from './progress-line.ts'
import { displayWidth } from './terminal/display-width.ts'

function watched(isTTY: boolean, columns = 80) {
  const written: string[] = []
  let now = 0
  return {
    written,
    pass: (ms: number) => {
      now += ms
    },
    look: {
      stderr: { isTTY, write: (value: string) => void written.push(value) },
      columns,
      language: 'zh' as const,
      clock: { now: () => new Date(now) },
      title: '全面巡检',
    },
  }
}

const event = (step: string, done: number, total: number | null, zh: string) => ({
  at: new Date(0),
  runId: null,
  step,
  done,
  total,
  message: text(zh, 'working'),
})

describe('createProgressLine', () => {
  it('writes a plain line per event into a pipe', () => {
    const { look, written, pass } = watched(false)
    const progress = createProgressLine(look, false)
    pass(2000)
    progress.onEvent(event('memory', 1, 10, '正在读内存\n\u001b[31m恶意'))
    pass(63_000)
    progress.onEvent(event('disk', 2, null, '正在读磁盘'))
    progress.end()
    assert.deepEqual(written, ['[2s] memory 1/10 正在读内存 恶意\n', '[1m05s] disk 2 正在读磁盘\n'])
  })

  it('keeps one live line on a terminal, no wider than it, and clears it', (context) => {
    context.mock.timers.enable({ apis: ['setInterval'] })
    const { look, written, pass } = watched(true, 30)
    const progress = createProgressLine(look, false)
    pass(200)
    context.mock.timers.tick(200)
    assert.equal(written.at(-1), '\r\u001b[2K⠙ 0s 全面巡检')
    pass(3000)
    progress.onEvent(event('memory', 1, 2, '正在读内存'.repeat(10)))
    assert.match(written.at(-1) ?? '', /3s memory 1\/2 正在读/)
    for (const line of written) assert.ok(displayWidth(line.replace('\r\u001b[2K', '')) < 30, line)
    assert.ok(!written.join('').includes('\n'))
    progress.end()
    assert.equal(written.at(-1), '\r\u001b[2K')
    const count = written.length
    context.mock.timers.tick(1000)
    assert.equal(written.length, count)
  })

  it('shows nothing on a terminal for a call that answers at once', () => {
    const { look, written } = watched(true)
    createProgressLine(look, false).end()
    assert.deepEqual(written, [])
  })

  it('is silent when quiet', () => {
    const { look, written } = watched(false)
    const progress = createProgressLine(look, true)
    progress.onEvent(event('memory', 1, 2, '正在读内存'))
    progress.end()
    assert.deepEqual(written, [])
  })
})
