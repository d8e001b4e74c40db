import type { Text } from './text.ts'
import { text } from './text.ts'

/** What a surface needs to know of an error code: its HTTP status, the CLI's exit code, whether trying again can help. */
export interface ErrorSpec {
  readonly httpStatus: number
  /** Exit code of the CLI, see docs/errors.md. */
  readonly exitCode: number
  readonly retryable: boolean
  /** What to do about it. */
  readonly hint: Text
}

/**
 * Every error code of the product. A code is never renamed and never used again for something else.
 * `docs/errors.md` is generated from this table; a test compares both.
 */
export const ERRORS = {
  INPUT_INVALID: {
    httpStatus: 400,
    exitCode: 2,
    retryable: false,
    hint: text('按提示改正参数后重试。', 'Correct the field named in the message and call again.'),
  },
  OPERATION_UNKNOWN: {
    httpStatus: 404,
    exitCode: 2,
    retryable: false,
    hint: text(
      '用 `smart-ops services list` 查看可用名称。',
      'See the names with `smart-ops services list`.',
    ),
  },
  SERVER_UNKNOWN: {
    httpStatus: 404,
    exitCode: 4,
    retryable: false,
    hint: text(
      '用 `smart-ops servers list` 查看清单中的服务器。',
      'See the inventory with `smart-ops servers list`.',
    ),
  },
  SERVER_EXISTS: {
    httpStatus: 409,
    exitCode: 5,
    retryable: false,
    hint: text(
      '用 `smart-ops servers edit` 修改已有的服务器,或去掉重复的一条。',
      'Edit the server that is there with `smart-ops servers edit`, or leave the second one out.',
    ),
  },
  HOST_KEY_UNKNOWN: {
    httpStatus: 404,
    exitCode: 4,
    retryable: false,
    hint: text(
      '用 `smart-ops host-keys list` 查看已记录的主机密钥。',
      'See the recorded host keys with `smart-ops host-keys list`.',
    ),
  },
  RUN_UNKNOWN: {
    httpStatus: 404,
    exitCode: 4,
    retryable: false,
    hint: text('用 `smart-ops runs list` 查看运行记录。', 'See the runs with `smart-ops runs list`.'),
  },
  RUN_ACTIVE: {
    httpStatus: 409,
    exitCode: 5,
    retryable: true,
    hint: text(
      '该运行正由另一进程执行;等待其结束,或先取消。',
      'Another process is executing this run; wait for it or cancel it.',
    ),
  },
  RUN_FINISHED: {
    httpStatus: 409,
    exitCode: 5,
    retryable: false,
    hint: text('该运行已经结束;需要时请重新发起。', 'The run has ended; start a new one.'),
  },
  REPORT_UNKNOWN: {
    httpStatus: 404,
    exitCode: 4,
    retryable: false,
    hint: text(
      '先执行一次全面巡检:`smart-ops inspect full`。',
      'Run a full inspection first: `smart-ops inspect full`.',
    ),
  },
  CANCELLED: {
    httpStatus: 499,
    exitCode: 130,
    retryable: true,
    hint: text('操作被取消;已完成的部分保留。', 'The call was cancelled; what was finished is kept.'),
  },
  UNAUTHENTICATED: {
    httpStatus: 401,
    exitCode: 3,
    retryable: false,
    hint: text(
      '请在 Authorization 头中带上有效的 Bearer 令牌。',
      'Send a valid bearer token in the Authorization header.',
    ),
  },
  FORBIDDEN: {
    httpStatus: 403,
    exitCode: 3,
    retryable: false,
    hint: text('调用者没有该操作的权限。', 'The caller lacks the scope for this operation.'),
  },
  ROUTE_UNKNOWN: {
    httpStatus: 404,
    exitCode: 2,
    retryable: false,
    hint: text('可用的路径见 /docs。', 'See /docs for the paths there are.'),
  },
  METHOD_NOT_ALLOWED: {
    httpStatus: 405,
    exitCode: 2,
    retryable: false,
    hint: text('改用 Allow 头中列出的方法。', 'Use one of the methods that the Allow header names.'),
  },
  MEDIA_TYPE_UNSUPPORTED: {
    httpStatus: 415,
    exitCode: 2,
    retryable: false,
    hint: text(
      '以 Content-Type: application/json 发送 JSON。',
      'Send JSON with Content-Type: application/json.',
    ),
  },
  BODY_TOO_LARGE: {
    httpStatus: 413,
    exitCode: 2,
    retryable: false,
    hint: text('缩小请求体。', 'Make the request body smaller.'),
  },
  HOST_REFUSED: {
    httpStatus: 403,
    exitCode: 3,
    retryable: false,
    hint: text(
      '用允许的主机名访问,或把该名称加入配置中允许的主机名。',
      'Use an allowed host name, or add this one to the allowed hosts in the configuration.',
    ),
  },
  ORIGIN_REFUSED: {
    httpStatus: 403,
    exitCode: 3,
    retryable: false,
    hint: text('请从本服务自己的页面发起请求。', 'Send the request from a page of this server itself.'),
  },
  CONFIG_INVALID: {
    httpStatus: 500,
    exitCode: 78,
    retryable: false,
    hint: text(
      '按提示修改配置文件或环境变量;参见 docs/config.md。',
      'Correct the configuration as the message says; see docs/config.md.',
    ),
  },
  SECRET_UNREADABLE: {
    httpStatus: 500,
    exitCode: 78,
    retryable: false,
    hint: text(
      '检查密钥来源(env:、file: 或主密钥)。',
      'Check where the secret comes from (env:, file: or the master key).',
    ),
  },
  MASTER_KEY_MISMATCH: {
    httpStatus: 500,
    exitCode: 78,
    retryable: false,
    hint: text(
      '恢复创建该数据库时使用的主密钥文件或 SMART_OPS_MASTER_KEY。',
      'Restore the key file or SMART_OPS_MASTER_KEY this database was made with.',
    ),
  },
  DATABASE_UNAVAILABLE: {
    httpStatus: 503,
    exitCode: 69,
    retryable: true,
    hint: text('确认数据库在运行且地址可达。', 'See that the database runs and its address is reachable.'),
  },
  SPOOL_FULL: {
    httpStatus: 503,
    exitCode: 69,
    retryable: true,
    hint: text(
      '恢复数据库(缓冲随即清空),或调大 spool.max_bytes。',
      'Bring the database back, which empties the spool, or raise spool.max_bytes.',
    ),
  },
  SPOOL_UNWRITABLE: {
    httpStatus: 503,
    exitCode: 69,
    retryable: true,
    hint: text(
      '检查数据目录下 spool 的权限与磁盘剩余空间。',
      'See the rights of the folder spool in the data folder, and the free space of its disk.',
    ),
  },
  DATABASE_REFUSED: {
    httpStatus: 503,
    exitCode: 69,
    retryable: false,
    hint: text(
      '检查 database.user 与 database.password 以及该用户的授权。',
      'Check database.user, database.password and what that user was granted.',
    ),
  },
  SCHEMA_OUTDATED: {
    httpStatus: 503,
    exitCode: 69,
    retryable: true,
    hint: text('执行 `smart-ops db migrate`。', 'Run `smart-ops db migrate`.'),
  },
  MIGRATION_FAILED: {
    httpStatus: 503,
    exitCode: 69,
    retryable: false,
    hint: text(
      '按提示排除原因后再次执行 `smart-ops db migrate`;没有建表权限时,请 DBA 执行 `smart-ops db migrate --print` 的输出。',
      'Remove the cause and run `smart-ops db migrate` again; without DDL rights let a DBA run what `smart-ops db migrate --print` prints.',
    ),
  },
  PORT_TAKEN: {
    httpStatus: 500,
    exitCode: 73,
    retryable: false,
    hint: text('换一个端口,或停止占用它的程序。', 'Choose another port, or stop the program that holds it.'),
  },
  STORED_DATA_INVALID: {
    httpStatus: 500,
    exitCode: 70,
    retryable: false,
    hint: text(
      '数据库中的一行不符合格式;请查看日志。',
      'A stored row does not have the expected shape; see the log.',
    ),
  },
  INTERNAL: {
    httpStatus: 500,
    exitCode: 70,
    retryable: false,
    hint: text('程序缺陷;请附上日志报告。', 'A defect of the program; please report it with the log.'),
  },
} as const satisfies Record<string, ErrorSpec>

/** A code of {@link ERRORS}. */
export type ErrorCode = keyof typeof ERRORS

/**
 * An error with a code of the registry and a sentence in both languages that names the field or thing,
 * the value found and what is allowed. Thrown for broken input, configuration and invariants; expected outcomes
 * of the world (a dead host, odd output) are values instead.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly text: Text
  /** Machine-readable particulars, such as the field and the allowed values. Never holds a secret. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: ErrorCode,
    sentence: Text,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(sentence.en, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.text = sentence
    this.details = options.details ?? {}
  }
}

/** Returns the error itself when it is an {@link AppError}, else an INTERNAL one that keeps it as its cause. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new AppError('INTERNAL', text(`内部错误:${reason}`, `Internal error: ${reason}`), { cause: error })
}
