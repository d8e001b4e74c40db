import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { AppError } from '../domain/errors.ts'
import { loadConfig } from './load-config.ts'
import { prepareDirectories } from './prepare-directories.ts'
import { scheduleIntervalMs } from './schedule-interval.ts'

const cwd = mkdtempSync(join(tmpdir(), 'smart-ops-places-'))
after(() => rmSync(cwd, { recursive: true }))

it('makes the data and log folders for this user alone', () => {
  prepareDirectories(loadConfig({ env: {}, cwd }))
  for (const name of ['data', 'logs']) assert.equal(statSync(join(cwd, name)).mode & 0o777, 0o700)
})

it('names the key and where it was set when a folder cannot be made', () => {
  writeFileSync(join(cwd, 'taken'), '')
  const config = loadConfig({ env: { SMART_OPS_LOG_DIRECTORY: 'taken/logs' }, cwd })
  assert.throws(
    () => prepareDirectories(config),
    (error) =>
      error instanceof AppError &&
      error.code === 'CONFIG_INVALID' &&
      error.text.en.includes('env SMART_OPS_LOG_DIRECTORY log.directory') &&
      error.text.en.includes('ENOTDIR'),
  )
})

it('gives the usual distance of a schedule', () => {
  assert.equal(scheduleIntervalMs('* * * * *'), 60_000)
  assert.equal(scheduleIntervalMs('*/15 * * * * *'), 15_000)
  assert.equal(scheduleIntervalMs('0 6 * * 1'), 7 * 86_400_000)
  assert.equal(scheduleIntervalMs('*/5 8-18 * * *'), 300_000)
})
