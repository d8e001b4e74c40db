import { z } from 'zod'
import { text } from '../domain/text.ts'
import {
  booleanKey,
  integerKey,
  mapKey,
  optionalEntryName,
  optionalSecret,
  optionalText,
  portKey,
  requiredHost,
} from './key-kinds.ts'

const UNSET = text('未设置', 'not set')

const optionalUser = (zh: string, en: string, defaultText = UNSET) =>
  optionalText(
    { zh, en, defaultText, example: 'ops' },
    text('用户名,1 到 64 个字符', 'a user name of 1 to 64 characters'),
    (value) => value.length <= 64 && !/\s/.test(value),
  )

const seconds = (value: number, zh: string, en: string) =>
  integerKey({ min: 1, max: 3600, default: value }, { zh, en })

const secret = (zh: string, en: string, example: string) =>
  optionalSecret(['env', 'file', 'encrypted'], { zh, en, defaultText: UNSET, example })

const defaults = z.strictObject({
  user: optionalUser('登录用户;凭据中的 user 优先。', 'User to log in as; that of a credential wins.'),
  port: portKey(22, { zh: 'SSH 端口。', en: 'SSH port.' }),
  credential: optionalEntryName({
    zh: '未指定凭据的服务器所用的凭据名称。',
    en: 'Name of the credential for servers that name none.',
    defaultText: text('未设置(使用 SSH agent)', 'not set (the SSH agent is used)'),
    example: 'fleet',
  }),
  connect_seconds: seconds(10, '建立 TCP 连接的时限(秒)。', 'Seconds for the TCP connection.'),
  login_seconds: seconds(15, '握手与登录的时限(秒)。', 'Seconds for the handshake and the login.'),
  silence_seconds: seconds(
    100,
    '命令多久没有输出即放弃(秒)。',
    'Seconds without output after which a command is given up.',
  ),
  command_seconds: seconds(
    600,
    '一条命令的总时限(秒);到时结束远端进程组。',
    'Seconds for one command; then its process group is ended on the server.',
  ),
  keep_alive_seconds: seconds(
    30,
    '保持连接的探测间隔(秒)。',
    'Seconds between signs of life on a held connection.',
  ),
  max_channels_per_host: integerKey(
    { min: 1, max: 100, default: 4 },
    {
      zh: '一台服务器同时打开的通道数(sshd 的 MaxSessions 默认为 10)。',
      en: 'Channels open to one server at the same time (MaxSessions of sshd is 10 by default).',
    },
  ),
})

const credential = z.strictObject({
  user: optionalUser('登录用户。', 'User to log in as.', text('ssh.defaults.user', 'ssh.defaults.user')),
  private_key: secret(
    '私钥(OpenSSH 或 PEM 格式)的来源。',
    'Where the private key (OpenSSH or PEM) is kept.',
    'file:/etc/smart-ops/id_ed25519',
  ),
  passphrase: secret(
    '私钥口令的来源。',
    'Where the passphrase of the private key is kept.',
    'env:SSH_KEY_PASSPHRASE',
  ),
  password: secret(
    '登录密码的来源;优先使用密钥。',
    'Where the password is kept; prefer a key.',
    'env:SSH_PASSWORD',
  ),
  agent: booleanKey(false, {
    zh: '使用 SSH agent(SSH_AUTH_SOCK)。',
    en: 'Use the SSH agent (SSH_AUTH_SOCK).',
  }),
  try_keyboard_interactive: booleanKey(false, {
    zh: '服务器只接受键盘交互时,用该密码作答。',
    en: 'Answer with the password where a server asks keyboard-interactively.',
  }),
})

const jumpHost = z.strictObject({
  host: requiredHost({ zh: '跳板机地址。', en: 'Address of the jump host.', example: '10.0.0.1' }),
  port: portKey(22, { zh: '跳板机端口。', en: 'Port of the jump host.' }),
  credential: optionalEntryName({
    zh: '登录跳板机所用的凭据名称。',
    en: 'Name of the credential for the jump host.',
    defaultText: text('ssh.defaults.credential', 'ssh.defaults.credential'),
    example: 'fleet',
  }),
  via: optionalEntryName({
    zh: '经由另一台跳板机到达;不得成环。',
    en: 'Another jump host on the way to this one; no loops.',
    defaultText: text('直连', 'reached directly'),
    example: 'outer',
  }),
})

/** Section `ssh`: how servers are reached. Who uses which credential and jump host stands in the inventory. */
export const sshSchema = z.strictObject({
  concurrency: integerKey(
    { min: 1, max: 4096, default: 64 },
    {
      zh: '同时连接的服务器数。超过 5 秒的慢服务器另占同样数量的名额。',
      en: 'Servers connected to at the same time. Servers slow for over 5 s take as many further places.',
    },
  ),
  concurrency_per_jump_host: integerKey(
    { min: 1, max: 1024, default: 32 },
    {
      zh: '经同一跳板机同时连接的服务器数。超过 5 秒的慢服务器另占同样数量的名额。',
      en: 'Servers connected to at the same time through one jump host. Servers slow for over 5 s take as many further places.',
    },
  ),
  defaults: defaults.prefault({}),
  credentials: mapKey(credential, {
    zh: '凭据:名称到登录方式的映射;至少写 private_key、password、agent 之一。',
    en: 'Credentials by name; each needs at least one of private_key, password and agent.',
    example: 'fleet',
  }),
  jump_hosts: mapKey(jumpHost, {
    zh: '跳板机:名称到地址的映射。',
    en: 'Jump hosts by name.',
    example: 'inner',
  }),
})

/** The section as written, with defaults filled in. */
export type RawSsh = z.output<typeof sshSchema>
