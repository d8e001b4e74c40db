import { z } from 'zod'
import { text } from '../domain/text.ts'
import {
  booleanKey,
  choiceKey,
  GROUP_NAME,
  hostKey,
  hostListKey,
  integerKey,
  MOUNT_POINT,
  mapKey,
  optionalHost,
  optionalPath,
  optionalPercent,
  optionalSecret,
  optionalText,
  optionalTimeZone,
  originListKey,
  pathKey,
  percentKey,
  portKey,
  reportTypeWordsKey,
  requiredPercent,
  scheduleKey,
  statusWordsKey,
} from './key-kinds.ts'
import { sshSchema } from './ssh-schema.ts'

const log = z.strictObject({
  directory: pathKey('./logs', {
    zh: '日志目录:system.log、mcp_server.log、cli.log。',
    en: 'Folder of the log files: system.log, mcp_server.log, cli.log.',
  }),
  level: choiceKey(['info', 'debug', 'warn', 'error'], {
    zh: '写入日志的最低级别。',
    en: 'The least level that is written.',
  }),
  max_file_bytes: integerKey(
    { min: 65_536, max: 1_073_741_824, default: 20_971_520 },
    {
      zh: '单个日志文件的上限(字节),超过即轮转。',
      en: 'Size in bytes at which a log file is rotated.',
    },
  ),
  kept_files: integerKey(
    { min: 1, max: 100, default: 10 },
    {
      zh: '每个日志保留的旧文件数(.1 最新)。',
      en: 'Rotated files kept per log (.1 is the newest).',
    },
  ),
})

const web = z.strictObject({
  host: hostKey('127.0.0.1', {
    zh: '控制台与网页接口的监听地址。',
    en: 'Address the console and the web API listen on.',
  }),
  port: portKey(8080, {
    zh: '控制台与网页接口的端口。',
    en: 'Port of the console and the web API.',
  }),
  allowed_hosts: hostListKey({
    zh: '除本机名称外,还接受的 Host 请求头(防 DNS 重绑定)。',
    en: 'Host headers accepted besides the names of this machine itself (against DNS rebinding).',
  }),
})

const mcp = z.strictObject({
  host: hostKey('127.0.0.1', { zh: 'MCP 服务的监听地址。', en: 'Address the MCP server listens on.' }),
  port: portKey(8004, { zh: 'MCP 服务的端口。', en: 'Port of the MCP server.' }),
  token: optionalSecret(['env', 'file', 'encrypted'], {
    zh: 'MCP 调用者须出示的 Bearer 令牌的来源。',
    en: 'Where the bearer token that MCP callers must send is kept.',
    defaultText: text('未设置', 'not set'),
    example: 'env:MCP_TOKEN',
  }),
  allowed_hosts: hostListKey({
    zh: '除本机名称外,还接受的 Host 请求头。',
    en: 'Host headers accepted besides the names of this machine itself.',
  }),
  allowed_origins: originListKey({
    zh: '允许调用 MCP 的网页来源(Origin 请求头)。',
    en: 'Web origins (Origin header) that may call MCP.',
  }),
})

const database = z.strictObject({
  sqlite: optionalPath({
    zh: '内嵌 SQLite 数据库文件;与 host 二选一。',
    en: 'File of the embedded SQLite database; either this or host.',
    defaultText: text('<data_directory>/smart-ops.db', '<data_directory>/smart-ops.db'),
    example: './data/smart-ops.db',
  }),
  host: optionalHost({
    zh: 'MySQL 8 / MariaDB 10.6 及以上的地址;设置后使用该数据库而不用 SQLite。',
    en: 'Address of MySQL 8 / MariaDB 10.6 or later; when set it is used instead of SQLite.',
    defaultText: text('未设置(使用 SQLite)', 'not set (SQLite is used)'),
    example: '127.0.0.1',
  }),
  port: portKey(3306, { zh: 'MySQL 端口。', en: 'MySQL port.' }),
  user: optionalText(
    {
      zh: 'MySQL 用户;设置 host 时必填。',
      en: 'MySQL user; needed when host is set.',
      defaultText: text('未设置', 'not set'),
      example: 'smart_ops',
    },
    text('用户名,1 到 80 个字符', 'a user name of 1 to 80 characters'),
    (value) => value.length <= 80,
  ),
  password: optionalSecret(['env', 'file'], {
    zh: 'MySQL 密码的来源;设置 host 时必填。',
    en: 'Where the MySQL password is kept; needed when host is set.',
    defaultText: text('未设置', 'not set'),
    example: 'env:MYSQL_PASSWORD',
  }),
  database: optionalText(
    {
      zh: 'MySQL 库名;设置 host 时必填。',
      en: 'Name of the MySQL database; needed when host is set.',
      defaultText: text('未设置', 'not set'),
      example: 'envom',
    },
    text(
      '库名:字母、数字、_、$、-,1 到 64 个字符',
      'a name of letters, digits, _, $ and -, 1 to 64 characters',
    ),
    (value) => /^[\w$-]{1,64}$/.test(value),
  ),
  charset: choiceKey(['utf8mb4'], {
    zh: 'MySQL 连接的字符集。',
    en: 'Character set of the MySQL connection.',
  }),
  pool: integerKey(
    { min: 1, max: 500, default: 10 },
    {
      zh: '每个进程的 MySQL 连接数上限。',
      en: 'Most MySQL connections of one process.',
    },
  ),
  time_zone: optionalTimeZone({
    zh: '原有三张表的 datetime 列所用的时区。',
    en: 'Zone of the datetime columns in the three given tables.',
    defaultText: text('与 time_zone 相同', 'the same as time_zone'),
    example: 'Asia/Shanghai',
  }),
  status_words: statusWordsKey({
    zh: '写入原有指标表状态列的三个词(正常、警告、严重);auto 表示从最新的行学习。',
    en: 'The three words written into the status columns of the given metrics table; auto learns them from the newest rows.',
  }),
  report_type_words: reportTypeWordsKey({
    zh: '写入原有分析表 report_type 列的两个词(日报、周报);auto 表示从最新的行学习。',
    en: 'The two words (of a day, of a week) written into the column report_type of the given table of analyses; auto learns them from the newest rows.',
  }),
})

const SOURCES = ['auto', 'collect', 'database', 'both'] as const

const metrics = z.strictObject({
  source: choiceKey(SOURCES, {
    zh: '指标由谁写入:collect 由本产品采集,database 由其他系统写入,both 两者;auto:接管已有数据的库时为 database,否则为 collect。',
    en: 'Who writes the metrics: collect (we do), database (others do), both; auto: database where the database held rows of others when we came, else collect.',
  }),
  groups: mapKey(
    z.strictObject({
      source: choiceKey(SOURCES, {
        zh: '该分组的指标由谁写入。',
        en: 'Who writes the metrics of this group.',
      }),
    }),
    { zh: '个别分组的指标来源。', en: 'Other sources for single groups.', example: 'web' },
    GROUP_NAME,
  ),
})

const spool = z.strictObject({
  max_bytes: integerKey(
    { min: 1_048_576, max: 1_099_511_627_776, default: 268_435_456 },
    {
      zh: '数据库不可用期间,数据目录下 spool 的上限(字节);满后拒绝新的,保留最早的。',
      en: 'Most bytes kept in the folder spool of the data folder while the database is away; when full, the newest are refused.',
    },
  ),
})

const groupLimit = (zh: string, en: string, instead: string) =>
  optionalPercent({
    zh: `该分组的${zh}。`,
    en: `${en} of this group.`,
    example: '90',
    defaultText: text(`同 ${instead}`, `as ${instead}`),
  })

const cache = z.strictObject({
  expiry_seconds: integerKey(
    { min: 0, max: 300, default: 10 },
    {
      zh: '网页接口可复用一份巡检结果的秒数(存于数据目录下的 cache);其他系统的新数据最多晚这么久可见。不超过采集间隔的一半;0 表示关闭。',
      en: 'Seconds for which the web API may give the same inspection result again (kept in the folder cache of the data folder); so late may new rows of other systems be seen. At most half the collection interval; 0 turns it off.',
    },
  ),
  max_bytes: integerKey(
    { min: 1_048_576, max: 1_099_511_627_776, default: 67_108_864 },
    {
      zh: '数据目录下 cache 的上限(字节)。',
      en: 'Most bytes kept in the folder cache of the data folder.',
    },
  ),
})

const thresholds = z.strictObject({
  cpu: percentKey(70, { zh: 'CPU 使用率超过此值视为异常。', en: 'CPU usage above this is called abnormal.' }),
  memory: percentKey(70, {
    zh: '内存使用率超过此值视为异常。',
    en: 'Memory usage above this is called abnormal.',
  }),
  disk: percentKey(80, {
    zh: '最满文件系统的使用率超过此值视为异常。',
    en: 'Usage of the fullest filesystem above this is called abnormal.',
  }),
  network: percentKey(95, {
    zh: '最忙网卡的带宽占用超过此值视为异常。',
    en: 'Load of the busiest network card above this share of its speed is called abnormal.',
  }),
  groups: mapKey(
    z.strictObject({
      cpu: groupLimit('CPU 使用率阈值', 'Limit of CPU usage', 'thresholds.cpu'),
      memory: groupLimit('内存使用率阈值', 'Limit of memory usage', 'thresholds.memory'),
      disk: groupLimit('磁盘使用率阈值', 'Limit of disk usage', 'thresholds.disk'),
      network: groupLimit('网络带宽占用阈值', 'Limit of network load', 'thresholds.network'),
    }),
    {
      zh: '个别分组的阈值;服务器自己的阈值(servers edit)优先,调用时给出的阈值最优先。',
      en: "Other limits for single groups; a server's own (servers edit) goes before them, one that a call gives before all.",
      example: 'web',
    },
    GROUP_NAME,
  ),
  mounts: mapKey(
    z.strictObject({
      disk: requiredPercent({
        zh: '该挂载点的磁盘使用率阈值。',
        en: 'Limit of disk usage at this mount point.',
        example: '95',
      }),
    }),
    {
      zh: '所有服务器上个别挂载点的阈值;先于分组与服务器的磁盘阈值,服务器自己的挂载点阈值更优先。',
      en: "Other limits for single mount points of all servers; they go before the disk limit of group and server, a server's own limit for the mount point before them.",
      example: '/data',
    },
    MOUNT_POINT,
  ),
})

const schedules = z.strictObject({
  metrics: scheduleKey('* * * * *', {
    zh: '采集指标的时间表,按 time_zone 计。',
    en: 'When metrics are collected, in time_zone.',
  }),
  full_inspection: scheduleKey('0 6 * * 1', {
    zh: '对全部服务器做全面巡检的时间表(默认每周一 06:00)。',
    en: 'When every server is fully inspected (default: Monday 06:00).',
  }),
})

const collection = z.strictObject({
  concurrency: integerKey(
    { min: 1, max: 1024, default: 16 },
    {
      zh: '同时采集的服务器数。超过 5 秒的慢服务器另占同样数量的名额。',
      en: 'Servers collected from at the same time. Servers slow for over 5 s take as many further places.',
    },
  ),
  deadline_seconds: integerKey(
    { min: 5, max: 3600, default: 600 },
    {
      zh: '一台服务器一次采集的时限(秒)。',
      en: 'Seconds after which collecting from one server is given up.',
    },
  ),
})

const knowledge = z.strictObject({
  failures_directory: optionalPath({
    zh: '自有已知故障(*.yaml)的文件夹,先于内置目录;写法见 knowledge/failures/README.md。',
    en: 'Folder of known failures of your own (*.yaml), before those that come along; how: knowledge/failures/README.md.',
    defaultText: text('未设置(仅用内置目录)', 'not set (only those that come along)'),
    example: './failures',
  }),
})

const retention = z.strictObject({
  progress_event_days: integerKey(
    { min: 1, max: 3650, default: 30 },
    {
      zh: '运行进度事件保留的天数。',
      en: 'Days for which the progress events of runs are kept.',
    },
  ),
  samples_days: integerKey(
    { min: 1, max: 3650, default: 30 },
    {
      zh: '本产品写入的原始指标保留的天数;其他系统写入的行从不删除。',
      en: 'Days for which the raw samples that we wrote are kept; rows of others are never deleted.',
    },
  ),
  enabled_in_adopted: booleanKey(false, {
    zh: '在接管的(原有他人数据的)数据库中,是否也清理本产品写入的过期样本。',
    en: 'Whether our old samples are also deleted in an adopted database, one that held rows of others when we came.',
  }),
})

/**
 * The configuration file, `config/smart-ops.yaml`. The one source of: what is accepted, every default, the variables,
 * docs/config.md and the example file. Key names and defaults: product specification §2, §3, §6.
 */
export const configSchema = z.strictObject({
  language: choiceKey(['zh', 'en'], {
    zh: '界面与报告的语言。',
    en: 'Language of the interface and of reports.',
  }),
  time_zone: optionalTimeZone({
    zh: '显示时间与计算时间表所用的时区(存储一律为 UTC)。',
    en: 'Zone in which times are shown and schedules run (storage is always UTC).',
    defaultText: text('本机时区', "the machine's own"),
    example: 'Asia/Shanghai',
  }),
  data_directory: pathKey('./data', {
    zh: '数据目录:内嵌数据库、主密钥。',
    en: 'Data folder: embedded database, master key.',
    variable: 'SMART_OPS_DATA',
  }),
  log: log.prefault({}),
  web: web.prefault({}),
  mcp: mcp.prefault({}),
  database: database.prefault({}),
  thresholds: thresholds.prefault({}),
  schedules: schedules.prefault({}),
  collection: collection.prefault({}),
  ssh: sshSchema.prefault({}),
  metrics: metrics.prefault({}),
  spool: spool.prefault({}),
  cache: cache.prefault({}),
  retention: retention.prefault({}),
  knowledge: knowledge.prefault({}),
})

/** The configuration as written, with defaults filled in. */
export type RawConfig = z.output<typeof configSchema>

/** What each section is about, for the generated documents. */
export const SECTION_TEXTS = {
  log: text('日志', 'Logs'),
  web: text('控制台与网页接口', 'Console and web API'),
  mcp: text('MCP 服务', 'MCP server'),
  database: text('数据库:内嵌 SQLite(默认)或 MySQL', 'Database: embedded SQLite (default) or MySQL'),
  thresholds: text('阈值(百分比)', 'Thresholds (percent)'),
  schedules: text('定时任务', 'Schedules'),
  collection: text('采集', 'Collection'),
  ssh: text('SSH 连接', 'SSH connections'),
  metrics: text('指标来源', 'Source of metrics'),
  spool: text('数据库不可用时的缓冲', 'Spool for when the database is away'),
  cache: text('结果缓存', 'Cache of results'),
  retention: text('保留期限', 'Retention'),
  knowledge: text('知识', 'Knowledge'),
} as const satisfies Partial<Record<keyof RawConfig, unknown>>
