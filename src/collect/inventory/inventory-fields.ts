import { type Text, text } from '../../domain/text.ts'

/** Fields of a server that an inventory file can hold, by the name they have in an exported file. */
export const INVENTORY_FIELDS = [
  'bk_cloud_id',
  'ip',
  'name',
  'port',
  'credential',
  'jump_host',
  'group',
  'tags',
  'os',
  'role',
  'owner',
  'serial_number',
  'rack',
  'rack_unit',
  'warranty_end_day',
  'note',
  'enabled',
  'transport',
  'maintenance_windows',
  'thresholds',
] as const

/** A field of {@link INVENTORY_FIELDS}. */
export type InventoryField = (typeof INVENTORY_FIELDS)[number]

/** Fields whose values have parts: JSON in a cell of a table, plain values in YAML. */
export const STRUCTURED_FIELDS: ReadonlySet<InventoryField> = new Set(['maintenance_windows', 'thresholds'])

/**
 * Names of columns that mean a field, the first being what an exported table says in Chinese. Sources of the foreign
 * ones: the host model of BlueKing CMDB 3.x (property ids and their Chinese names) and what spreadsheets of Chinese
 * operations teams commonly say.
 */
const SYNONYMS: Readonly<Record<InventoryField, readonly string[]>> = {
  bk_cloud_id: ['管控区域ID', '管控区域', '云区域ID', '云区域', 'cloud_id', 'cloud_area', 'bk_cloud'],
  ip: [
    '内网IP',
    'bk_host_innerip',
    'inner_ip',
    'ip_address',
    'address',
    'host_ip',
    'ansible_host',
    '内网IPv4',
    'IP地址',
    '主机IP',
    '服务器IP',
    '管理IP',
  ],
  name: ['主机名称', 'bk_host_name', 'hostname', 'host_name', 'server_name', '主机名', '名称', '服务器名称'],
  port: ['SSH端口', 'ssh_port', '端口', '端口号'],
  credential: ['凭据', 'credential_name', '凭证', '登录凭据'],
  jump_host: ['跳板机', 'jumphost', 'jump', 'bastion', 'proxy_jump', '堡垒机'],
  group: ['分组', 'server_group', 'cluster', 'platform', '平台', '集群', '业务', '所属业务', 'bk_biz_name'],
  tags: ['标签', 'labels', 'tag', 'label'],
  os: ['操作系统名称', 'bk_os_name', 'os_name', 'operating_system', '操作系统', '系统'],
  role: ['角色', 'server_role', '用途'],
  owner: ['主要维护人', 'operator', 'maintainer', '负责人', '维护人', '责任人', '管理员'],
  serial_number: ['设备SN', 'bk_sn', 'sn', 'serial', '序列号', '设备序列号', 'SN号'],
  rack: ['机柜', 'rack_name', 'cabinet', '机架', '机柜号'],
  rack_unit: ['机位', 'unit', 'u_position', 'U位', '起始U位', '机柜U位'],
  warranty_end_day: [
    '维保到期日',
    'warranty_end',
    'warranty_until',
    'warranty',
    '保修到期',
    '过保日期',
    '维保到期',
  ],
  note: ['备注', 'bk_comment', 'comment', 'remark', 'description', '说明'],
  enabled: ['启用', 'is_enabled', 'active', '是否启用'],
  transport: ['访问方式', 'connection', '连接方式'],
  maintenance_windows: ['维护窗口', 'maintenance'],
  thresholds: ['阈值', 'limits'],
}

/** Returns the Chinese column name of the field in exported tables. */
export const chineseColumn = (field: InventoryField): string => SYNONYMS[field][0] ?? field

/**
 * Returns a column's name as it is compared: without case, blanks, underscores, dashes and what stands in brackets
 * at its end (`内网IP(必填)` is `内网ip`).
 */
export const normaliseColumn = (name: string): string => {
  const open = Math.max(name.lastIndexOf('('), name.lastIndexOf('('))
  const bare = open > 0 && /[))]\s{0,9}$/.test(name.slice(-10)) ? name.slice(0, open) : name
  return bare
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_*-]/g, '')
}

const FIELD_OF_COLUMN: ReadonlyMap<string, InventoryField> = new Map(
  INVENTORY_FIELDS.flatMap((field) =>
    [field, ...SYNONYMS[field]].map((name): [string, InventoryField] => [normaliseColumn(name), field]),
  ),
)

/** Returns the field that a column of this name holds; null when the name says nothing. */
export const fieldOfColumn = (name: string): InventoryField | null =>
  FIELD_OF_COLUMN.get(normaliseColumn(name)) ?? null

/** Returns the field of this very name; null for any other word. */
export const fieldNamed = (name: string): InventoryField | null =>
  INVENTORY_FIELDS.find((field) => field === name) ?? null

const SECRET_COLUMN =
  /^(?:.{0,40}(?:passw(?:or)?d|passphrase|_pass|secret|private_?key|token).{0,40}|.{0,20}(?:密码|口令|密钥|私钥).{0,20})$/i

/** Returns whether a column or variable of this name holds a secret. Its values are neither imported nor shown. */
export const isSecretColumn = (name: string): boolean => SECRET_COLUMN.test(name)

/** What to do instead of giving a password in a file. */
export const USE_A_CREDENTIAL: Text = text(
  '密码与密钥不从清单文件导入;请在配置 ssh.credentials 中设置凭据,并在 credential 列写凭据名',
  'passwords and keys are not imported from inventory files: set a credential under ssh.credentials of the configuration and name it in the column credential',
)
