import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../domain/errors.ts'
import type { MysqlSettings } from '../store-settings.ts'
import { translateMysqlError } from './database-errors.ts'

const SETTINGS: MysqlSettings = {
  kind: 'mysql',
  host: 'db.example.com',
  port: 3306,
  user: 'ops',
  password: 'unused',
  database: 'envom',
  charset: 'utf8mb4',
  poolSize: 1,
  timeZone: 'Asia/Shanghai',
}

test('a command on a connection that has ended means that the database is away', () => {
  // As mysql2 throws it when the server was killed between the statements of a transaction.
  const error = Object.assign(new Error("Can't add new command when connection is in closed state"), {
    fatal: true,
  })
  const translated = translateMysqlError(error, SETTINGS)
  assert.ok(translated instanceof AppError)
  assert.equal(translated.code, 'DATABASE_UNAVAILABLE')
  const other = new Error('something else')
  assert.equal(translateMysqlError(other, SETTINGS), other)
})
