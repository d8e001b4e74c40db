import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Facts } from '../corpus-kind.ts'
import { logsKind } from './logs-incidents.ts'

const OOM = `worker invoked oom-killer: gfp_mask=0xd0, order=0
Task in /batch/7 killed as a result of limit of /batch/7
Memory cgroup out of memory: Kill process 431 (worker) score 990 or sacrifice child
Killed process 431 (worker) total-vm:9000kB, anon-rss:800kB, file-rss:4kB
`
const WARNING = 'WARNING: CPU: 1 PID: 7 at net/demo.c:12 demo_xmit+0x1/0x2\n'

test('a log is answered with its incidents, the most severe first, and the victim', () => {
  assert.deepEqual(logsKind.answer(WARNING + OOM), {
    class: 'oom_kill',
    all_matching: ['oom_kill', 'kernel_warning'],
    oom: { pid: 431, process: 'worker', container: '/batch/7' },
  })
  assert.deepEqual(logsKind.answer('all is well\n'), { class: 'none', all_matching: [] })
})

test('only files labelled with incidents are inputs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'smart-ops-corpora-'))
  try {
    const expected = {
      web: { 'a.log': { lines: 1 } },
      kernel: { 'b.txt': { class: 'none', all_matching: [] } },
    }
    writeFileSync(join(folder, 'expected.json'), JSON.stringify(expected))
    assert.deepEqual(logsKind.files(folder), ['kernel/b.txt'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('what is missed and what is invented both count', () => {
  const labels = { 'a.txt': { all_matching: ['oom_kill', 'oops'] }, 'b.txt': { all_matching: [] } }
  const answers = new Map<string, Facts>([
    ['kernel/a.txt', { all_matching: ['oom_kill'] }],
    ['kernel/b.txt', { all_matching: ['oops'] }],
  ])
  const { metrics, mistakes } = logsKind.score(new Map([['kernel', labels]]), answers)
  assert.deepEqual(metrics, { incidents_found: 0.5, incidents_invented: 0.5 })
  assert.deepEqual(
    mistakes.map(({ file }) => file),
    ['kernel/a.txt', 'kernel/b.txt'],
  )
  assert.equal(logsKind.score(new Map([['kernel', labels]]), new Map()).metrics['incidents_invented'], null)
})
