import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import iconv from 'iconv-lite'
import writeXlsxFile from 'write-excel-file/node'
import { type ParseInventoryOptions, parseInventory } from './parse-inventory.ts'

const parse = async (content: string | Uint8Array, options: Partial<ParseInventoryOptions> = {}) =>
  await parseInventory(typeof content === 'string' ? new TextEncoder().encode(content) : content, {
    maxRows: 1000,
    ...options,
  })
type Parsed = Awaited<ReturnType<typeof parse>>
const fieldsOf = ({ rows }: Parsed) => rows.map((row) => row.fields)
const errorsOf = ({ problems }: Parsed) =>
  problems.filter(({ kind }) => kind === 'error').map(({ line, field }) => [line, field])
const notesOf = ({ problems }: Parsed) =>
  problems.filter(({ kind }) => kind === 'note').map(({ line, field, found }) => [line, field, found])

describe('CSV', () => {
  it('reads quotes, doubled quotes, newlines in cells, CRLF, a mark, and both languages of headers', async () => {
    const parsed = await parse(
      '\ufeff内网IP,主机名称,备注\r\n192.0.2.1,"数据库,一号","第一行\r\n""第二行"""\r\n',
    )
    assert.equal(parsed.encoding, 'utf-8-bom')
    assert.deepEqual(parsed.rows, [
      { line: 2, fields: { ip: '192.0.2.1', name: '数据库,一号', note: '第一行\n"第二行"' } },
    ])
    assert.deepEqual(fieldsOf(await parse('IP;Hostname\r192.0.2.1;a\r')), [{ ip: '192.0.2.1', name: 'a' }])
    assert.deepEqual(fieldsOf(await parse('ip\tname\n192.0.2.1\ta,b;c\n')), [
      { ip: '192.0.2.1', name: 'a,b;c' },
    ])
  })

  it('reads GB18030 with characters beyond GBK', async () => {
    const parsed = await parse(iconv.encode('内网IP,主机名称\n192.0.2.1,\u{20000}网关㐀\n', 'gb18030'))
    assert.equal(parsed.encoding, 'gb18030')
    assert.deepEqual(fieldsOf(parsed), [{ ip: '192.0.2.1', name: '\u{20000}网关㐀' }])
  })

  it('reports every broken row with its line and keeps the others', async () => {
    const lines = [
      'ip,name',
      '192.0.2.1,a',
      '192.0.2.2,"b',
      '192.0.2.3,c,d',
      '192.0.2.4',
      '192.0.2.5,"x"y',
      '192.0.2.6,n\0l',
      '192.0.2.7,ok',
    ]
    const parsed = await parse(lines.join('\n'))
    assert.deepEqual(
      fieldsOf(parsed).map(({ ip }) => ip),
      ['192.0.2.1', '192.0.2.7'],
    )
    assert.deepEqual(errorsOf(parsed), [
      [3, null],
      [4, null],
      [5, null],
      [6, null],
      [7, 'name'],
    ])
    const broken = await parse(
      Buffer.concat([
        Buffer.from('ip,名称\n192.0.2.1,数据库\n192.0.2.2,'),
        Buffer.from([0xff]),
        Buffer.from('\n'),
      ]),
    )
    assert.deepEqual([fieldsOf(broken).length, errorsOf(broken)], [1, [[3, '名称']]])
  })

  it('maps columns, lists what it ignores, and never takes or shows a password', async () => {
    const parsed = await parse('addr,password,colour\n192.0.2.1,hunter2,red\n', { columns: { addr: 'ip' } })
    assert.deepEqual(fieldsOf(parsed), [{ ip: '192.0.2.1' }])
    assert.deepEqual(parsed.ignoredColumns, ['password', 'colour'])
    assert.deepEqual(notesOf(parsed), [[null, 'password', '']])
    assert.doesNotMatch(
      JSON.stringify(await parse('ip,password\n192.0.2.1,"hunter2\n192.0.2.2,hunter2,x\n')),
      /hunter2/,
    )
    const wrong = await parse('ip\n192.0.2.1\n', { columns: { nothing: 'ip', ip: 'address' } })
    assert.deepEqual(errorsOf(wrong), [
      [null, 'columns.ip'],
      [null, 'columns.nothing'],
    ])
    assert.deepEqual(errorsOf(await parse('a,b\n1,2\n')), [[null, null]])
  })

  it('refuses more rows than allowed, and a jump-host loop', async () => {
    assert.deepEqual(errorsOf(await parse('ip\n192.0.2.1\n192.0.2.2\n', { maxRows: 1 })), [[null, null]])
    const loop = await parse(
      'ip,name,jump_host\n192.0.2.1,a,b\n192.0.2.2,b,a\n192.0.2.3,c,a\n192.0.2.4,d,d\n',
    )
    assert.deepEqual(errorsOf(loop), [
      [2, 'jump_host'],
      [3, 'jump_host'],
      [5, 'jump_host'],
    ])
    assert.deepEqual(
      fieldsOf(loop).map(({ name }) => name),
      ['c'],
    )
  })

  it('keeps formulas as text and takes an export’s apostrophe away', async () =>
    assert.deepEqual(fieldsOf(await parse("ip,name,owner\n192.0.2.1,'=1+1,=2+2\n")), [
      { ip: '192.0.2.1', name: '=1+1', owner: '=2+2' },
    ]))
})

const CMDB = [
  [
    '字段名(请勿编辑)',
    '内网IP(必填)',
    '管控区域(必填)',
    '主机名称',
    '操作系统名称',
    '设备SN',
    '主要维护人',
    '固资编号',
  ],
  ['字段类型(请勿编辑)', '短字符', '短字符', '短字符', '短字符', '短字符', '用户', '短字符'],
  [
    '字段标识(请勿编辑)',
    'bk_host_innerip',
    'bk_cloud_id',
    'bk_host_name',
    'bk_os_name',
    'bk_sn',
    'operator',
    'bk_asset_id',
  ],
  ['实例数据', '192.0.2.1,10.0.0.1', 'Default Area[0]', '网关', 'linux centos', 'SN0007', 'ops', 'A1'],
]

describe('BlueKing CMDB', () => {
  const expected = [
    {
      ip: '192.0.2.1',
      bk_cloud_id: '0',
      name: '网关',
      os: 'linux centos',
      serial_number: 'SN0007',
      owner: 'ops',
    },
  ]
  it('loads an XLSX export as it is', async () => {
    const cells = CMDB.map((row) => row.map((value) => ({ value, type: String })))
    const parsed = await parse(await writeXlsxFile(cells).toBuffer())
    assert.deepEqual([parsed.format, fieldsOf(parsed), errorsOf(parsed)], ['xlsx', expected, []])
    assert.deepEqual(notesOf(parsed), [[4, 'ip', '10.0.0.1']])
    assert.deepEqual(parsed.ignoredColumns, ['固资编号'])
  })
  it('loads a CSV export with identifiers as its header', async () => {
    const rows = CMDB.slice(2).map((row) =>
      row
        .slice(1)
        .map((cell) => `"${cell}"`)
        .join(','),
    )
    assert.deepEqual(fieldsOf(await parse(rows.join('\n'))), expected)
  })
})

describe('XLSX', () => {
  it('reads numbers, dates and truth values as text', async () => {
    const rows = [
      ['ip', 'port', 'warranty_end_day', 'enabled', 'serial_number'].map((value) => ({
        value,
        type: String,
      })),
      [
        { value: '192.0.2.1', type: String },
        { value: 22, type: Number },
        { value: new Date('2027-03-01T00:00:00Z'), type: Date, format: 'yyyy-mm-dd' },
        { value: true, type: Boolean },
        { value: '007', type: String },
      ],
    ]
    assert.deepEqual(fieldsOf(await parse(await writeXlsxFile(rows).toBuffer())), [
      { ip: '192.0.2.1', port: '22', warranty_end_day: '2027-03-01', enabled: 'true', serial_number: '007' },
    ])
  })
  it('refuses what is no XLSX file, and one that inflates beyond the limit', async () => {
    assert.deepEqual(errorsOf(await parse('PK\u0003\u0004 no archive')), [[null, null]])
    const bomb = await writeXlsxFile([[{ value: 'x'.repeat(60_000_000), type: String }]]).toBuffer()
    const parsed = await parse(bomb)
    assert.match(parsed.problems[0]?.allowed.en ?? '', /at most 48 MiB/)
  })
  it('refuses a cell so far out that filling the gap would cost memory', async () => {
    const wide = Array.from({ length: 300 }, () => ({ value: 'x', type: String }))
    assert.match(
      (await parse(await writeXlsxFile([wide]).toBuffer())).problems[0]?.allowed.en ?? '',
      /256 columns/,
    )
  })
})

describe('YAML', () => {
  it('reads our own shape with every value as it stands', async () => {
    const parsed = await parse(
      'servers:\n  - ip: 192.0.2.1\n    name: 007\n    tags: [a, "b c"]\n    note: ~\n    colour: red\n',
    )
    assert.equal(parsed.format, 'yaml')
    assert.deepEqual(parsed.rows, [{ line: 2, fields: { ip: '192.0.2.1', name: '007', tags: 'a,b c' } }])
    assert.deepEqual(parsed.ignoredColumns, ['colour'])
  })
  it('names the line of what is wrong', async () => {
    assert.deepEqual(errorsOf(await parse('servers:\n  - ip: 1\n    ip: 2\n  - text\n')), [
      [3, 'ip'],
      [4, null],
    ])
    assert.equal(errorsOf(await parse('servers:\n  - "open\n')).length > 0, true)
  })
  it('refuses nested aliases', async () => {
    const lines = ['a0: &a0 [x]']
    for (let at = 1; at < 12; at += 1)
      lines.push(
        `a${at}: &a${at} [${Array(10)
          .fill(`*a${at - 1}`)
          .join(', ')}]`,
      )
    assert.deepEqual(errorsOf(await parse(lines.join('\n'), { format: 'yaml' })), [[null, null]])
  })
})

describe('Ansible', () => {
  const INI = `# fleet
bare ansible_host=192.0.2.9

[web]
web[01:03] ansible_port=2222 ; not a comment=1
`
  it('reads INI: ranges, groups, children, variables, quotes and comments', async () => {
    const parsed = await parse(`# fleet
192.0.2.9
[web]
web[01:02] owner="张 三" # comment
db-[a:b]:2200 ansible_host=192.0.2.5
[prod:children]
web
[prod:vars]
ansible_port=2222
ansible_user=root
ansible_password=hunter2
ansible_ssh_common_args='-o ProxyJump=ops@jump1:22'
[east]
web01 ansible_host=192.0.2.1
`)
    assert.equal(parsed.format, 'ansible_ini')
    assert.deepEqual(fieldsOf(parsed), [
      { ip: '192.0.2.9', name: '192.0.2.9' },
      {
        ip: '192.0.2.1',
        name: 'web01',
        port: '2222',
        jump_host: 'jump1',
        owner: '张 三',
        group: 'web',
        tags: 'east',
      },
      { ip: 'web02', name: 'web02', port: '2222', jump_host: 'jump1', owner: '张 三', group: 'web' },
      { ip: '192.0.2.5', name: 'db-a', port: '2200', jump_host: 'jump1', group: 'web' },
      { ip: '192.0.2.5', name: 'db-b', port: '2200', jump_host: 'jump1', group: 'web' },
    ])
    assert.deepEqual(notesOf(parsed), [
      [null, 'ansible_password', ''],
      [null, 'user', 'root'],
    ])
    assert.doesNotMatch(JSON.stringify(parsed), /hunter2/)
  })
  it('names broken lines without their values', async () => {
    const parsed = await parse(`${INI}db ansible_password="hunter2\nx[1:99999] a=b\n[g:children]\ng\n`)
    assert.deepEqual(errorsOf(parsed), [
      [5, null],
      [6, null],
      [7, null],
      [null, 'children'],
    ])
    assert.doesNotMatch(JSON.stringify(parsed), /hunter2/)
  })
  it('reads YAML: all, children, hosts, vars', async () => {
    const parsed = await parse(`all:
  vars: {ansible_port: 2200, ansible_become_password: hunter2}
  hosts:
    solo: {ansible_host: 192.0.2.3}
  children:
    web:
      hosts:
        web[1:2]:
          ansible_host: 2001:db8::1
      vars: {ansible_port: 22}
`)
    assert.equal(parsed.format, 'ansible_yaml')
    assert.deepEqual(fieldsOf(parsed), [
      { ip: '192.0.2.3', name: 'solo', port: '2200' },
      { ip: '2001:db8::1', name: 'web1', port: '22', group: 'web' },
      { ip: '2001:db8::1', name: 'web2', port: '22', group: 'web' },
    ])
    assert.doesNotMatch(JSON.stringify(parsed), /hunter2/)
  })
})

describe('OpenSSH configuration', () => {
  it('reads aliases, the first value of each setting, wildcards, and the last hop', async () => {
    const parsed = await parse(`Host jump1
  HostName 192.0.2.1
Host web1 web2 *.skip !no
  HostName=192.0.2.%h
  Port 2222
  IdentityFile ~/.ssh/id
Host web*
  Port 23
  User ops
  ProxyJump a@jump0:22,b@jump1:2222
Match exec "touch /tmp/never"
  Port 1
`)
    assert.equal(parsed.format, 'ssh_config')
    assert.deepEqual(fieldsOf(parsed), [
      { ip: '192.0.2.1', name: 'jump1' },
      { ip: '192.0.2.web1', name: 'web1', port: '2222', jump_host: 'jump1' },
      { ip: '192.0.2.web2', name: 'web2', port: '2222', jump_host: 'jump1' },
    ])
    assert.deepEqual(parsed.ignoredColumns, ['identityfile'])
    assert.deepEqual(notesOf(parsed), [
      [11, 'match', 'exec touch /tmp/never'],
      [null, 'user', 'ops'],
    ])
  })
  it('refuses a jump-host loop', async () => {
    const parsed = await parse(
      'Host a\n HostName 192.0.2.1\n ProxyJump b\nHost b\n HostName 192.0.2.2\n ProxyJump a\n',
    )
    assert.deepEqual(errorsOf(parsed), [
      [1, 'jump_host'],
      [4, 'jump_host'],
    ])
  })
})
