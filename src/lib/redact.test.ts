import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { redactFields, redactText } from './redact.ts'
import { isSensitiveKey } from './sensitive-key.ts'

const RUNS = 2_000

/** What is written, and what must come out. */
const CASES: readonly (readonly [string, string])[] = [
  ['mysql -uroot -phunter2 db', 'mysql -uroot -p*** db'],
  ['/usr/bin/mysqldump --single-transaction -phunter2', '/usr/bin/mysqldump --single-transaction -p***'],
  ['mysql --password=hunter2 -h db', 'mysql --password=*** -h db'],
  ['mysql --password hunter2 -h db', 'mysql --password *** -h db'],
  ['sh -c "mariadb -phunter2 db"', 'sh -c "mariadb -p*** db"'],
  ["mysql -p'two words' db", "mysql -p'***' db"],
  ['MYSQL_PWD=hunter2 mysql -uroot', 'MYSQL_PWD=*** mysql -uroot'],
  ['sshpass -p hunter2 ssh root@10.0.0.1', 'sshpass -p *** ssh root@10.0.0.1'],
  ['sshpass -phunter2 ssh root@10.0.0.1', 'sshpass -p*** ssh root@10.0.0.1'],
  ['redis-cli -h r -a hunter2 ping', 'redis-cli -h r -a *** ping'],
  ['redis-server --requirepass hunter2', 'redis-server --requirepass ***'],
  ['ipmitool -I lanplus -U admin -P hunter2 sdr', 'ipmitool -I lanplus -U admin -P *** sdr'],
  ['mongodump -u a -p hunter2', 'mongodump -u a -p ***'],
  ['ldapsearch -D cn=a -w hunter2', 'ldapsearch -D cn=a -w ***'],
  ['snmpwalk -v3 -A hunter22 -X hunter23 h', 'snmpwalk -v3 -A *** -X *** h'],
  ['curl -u root:hunter2 http://h/', 'curl -u root:*** http://h/'],
  ['curl --user root:hunter2 http://h/', 'curl --user root:*** http://h/'],
  ['smbclient //h/s -U root%hunter2', 'smbclient //h/s -U root%***'],
  ['docker login -u a -p hunter2', 'docker login -u a -p ***'],
  ['7z a -phunter2 x.7z', '7z a -p*** x.7z'],
  ['plink -pw hunter2 h', 'plink -pw *** h'],
  ['openssl enc -pass pass:hunter2', 'openssl enc -pass ***'],
  [
    'java -Djavax.net.ssl.keyStorePassword=hunter2 -jar a',
    'java -Djavax.net.ssl.keyStorePassword=*** -jar a',
  ],
  ['passwd: hunter2', 'passwd: ***'],
  ['password = hunter2', 'password = ***'],
  ["'password' => 'hunter2',", "'password' => '***',"],
  ['{"user":"a","api_key":"hunter2","n":1}', '{"user":"a","api_key":"***","n":1}'],
  ['"{\\"secret\\":\\"hunter2\\",\\"n\\":1}"', '"{\\"secret\\":\\"***\\",\\"n\\":1}"'],
  ['密码:hunter2', '密码:***'],
  ['登录口令: hunter2 失败', '登录口令: *** 失败'],
  ['Authorization: Bearer hunter2', 'Authorization: Bearer ***'],
  ['authorization: Basic aHVudGVyMg==', 'authorization: Basic ***'],
  ['Cookie: sid=hunter2; theme=dark', 'Cookie: ***'],
  ['got Bearer hunter2hunter2 from', 'got Bearer *** from'],
  ['https://u:hunter2@h:8443/p?q=1', 'https://u:***@h:8443/p?q=1'],
  ['mysql://u:hun/te@r2@h/db', 'mysql://u:***@h/db'],
  ['redis://:hunter2@h:6379/0', 'redis://:***@h:6379/0'],
  ['https://h/send?key=hunter2&debug=1', 'https://h/send?key=***&debug=1'],
  ['https://h/a?access_token=hunter2#x', 'https://h/a?access_token=***#x'],
  ['id AKIAIOSFODNN7EXAMPLE here', 'id *** here'],
  ['aws_secret_access_key=wJalrXUtnFEMI/K7MDENG', 'aws_secret_access_key=***'],
  [
    '-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----',
    '-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----',
  ],
]

/** What speaks of secrets, or looks a little like one, and must stay as it is. */
const UNCHANGED: readonly string[] = [
  'cat: /etc/passwd: No such file or directory',
  'ssh -o PasswordAuthentication=no -p 22 host',
  'docker run -p 8080:80 nginx',
  'mysql -h db -P 3306 -u root -p db',
  '/usr/sbin/mysqld --port=3306 --pid-file=/run/mysqld.pid',
  'rsync --password-file=/etc/rsync.secret a b',
  'http://host:8080/a@b',
  'PWD=/root OLDPWD=/ ls -la',
  'max_tokens=4096 prompt_tokens: 12 tokenizer: qwen',
  'Out of memory: Killed process 4711 (java) total-vm:12345kB',
  'SMART overall-health self-assessment test result: PASSED',
  'git@github.com:owner/repo.git',
  'nginx: worker process',
  'ps -p 12 -o pid,args; tar -pxf a.tar',
  '内存使用率:71.5%,阈值:70%',
  '',
]

describe('redactText', () => {
  for (const [written, expected] of CASES)
    it(`hides the secret in: ${written.split('\n')[0]}`, () => {
      assert.equal(redactText(written), expected)
      assert.equal(redactText(expected), expected)
    })

  for (const written of UNCHANGED)
    it(`leaves alone: ${written}`, () => {
      assert.equal(redactText(written), written)
    })

  /** A secret as people choose them, never part of a template: `#` and `~` occur nowhere else. */
  const secret = fc
    .array(fc.constantFrom(...'abcXYZ0189#~!$%^*()+.,/;?@:=[]{}<>|_'), { minLength: 4, maxLength: 24 })
    .map((letters) => `#~${letters.join('')}~#`)
  const templates: readonly ((planted: string) => string)[] = [
    (planted) => `mysql -uroot -p${planted} db`,
    (planted) => `/opt/bin/mysqladmin -p'${planted}' status`,
    (planted) => `mysqldump --password=${planted}`,
    (planted) => `tool --password ${planted} --host h`,
    (planted) => `tool -x --api-key "${planted}" -v`,
    (planted) => `sshpass -p ${planted} ssh h`,
    (planted) => `ipmitool -P ${planted} sdr`,
    (planted) => `redis-cli -a ${planted}`,
    (planted) => `PGPASSWORD=${planted} psql`,
    (planted) => `db.password: ${planted}`,
    (planted) => `token=${planted}`,
    (planted) => `{"secret": "${planted}"}`,
    (planted) => `Authorization: Bearer ${planted}`,
    (planted) => `密码:${planted}`,
    (planted) => `curl -u user:${planted} http://h`,
  ]
  const surrounding = fc.oneof(
    fc.constantFrom(
      '',
      'ls -la\n',
      'root 1 0 /sbin/init\n',
      'say "hi" ',
      "it's ",
      'a=b c:d ',
      '{"x": [1, 2]}\n',
    ),
    fc.string({ maxLength: 20 }).map((text) => `${text}\n`),
  )

  it('lets no planted secret survive, whatever stands around it', () => {
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom(...templates),
        surrounding,
        surrounding,
        (planted, template, before, behind) => {
          const redacted = redactText(`${before}${template(planted)} ${behind}`)
          assert.ok(!redacted.includes(planted), redacted)
          assert.ok(redacted.includes('***'))
        },
      ),
      { numRuns: RUNS },
    )
  })

  it('lets no planted password survive in an address', () => {
    const password = fc
      .array(fc.constantFrom(...'abcXYZ0189#~!$%^*()+.,/;?@:=[]{}|_-'), { minLength: 1, maxLength: 24 })
      .map((letters) => `q#~${letters.join('')}~#`)
    fc.assert(
      fc.property(password, surrounding, (planted, before) => {
        const redacted = redactText(`${before}postgres://user:${planted}@db.example.com:5432/x`)
        assert.ok(!redacted.includes(planted), redacted)
      }),
      { numRuns: RUNS },
    )
  })

  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .array(
        fc.constantFrom(
          'password',
          'token',
          '=',
          ':',
          '"',
          "'",
          '\\"',
          ' ',
          '\n',
          'mysql',
          '-p',
          'x',
          '://',
          '@',
          '?',
          '&',
          'Bearer',
          '--secret',
          'Authorization',
          '***',
          'cookie',
          '密码',
          ':',
          '`',
          '-u',
          'curl',
          ';',
        ),
        { maxLength: 30 },
      )
      .map((pieces) => pieces.join('')),
  )

  it('never crashes, and changes nothing the second time', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = redactText(text)
        assert.equal(redactText(once), once)
      }),
      { numRuns: RUNS },
    )
  })

  it('leaves ordinary text as it is', () => {
    const word = fc.constantFrom(
      'disk',
      'sda1',
      '95%',
      '/var/log',
      'a=b',
      'usage:',
      '12:30:01',
      '-la',
      '--json',
      '10.0.0.1',
      'MemTotal:',
      '内存',
      '(root)',
      'CPU0',
      'http://h/x',
      'key',
      'user@host',
      '-p',
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const text = words.join(' ')
        assert.equal(redactText(text), text)
      }),
      { numRuns: RUNS },
    )
  })

  it('takes time linear in the text, also where the text is made to hurt', () => {
    const pieces = [
      'password="',
      "token='",
      '=',
      ':',
      '://',
      '://a:',
      '"',
      '\\"',
      'eyJ-',
      'Bearer ',
      '-p ',
      'mysql -p',
      'a@',
      ' ',
      'a',
      'cookie:',
      '-----BEGIN PRIVATE KEY-----',
      'secret="\\"',
      '\n',
      'x://u:p@',
      'eyJaaaaaaaaaaaa.',
      'mysql -px ',
      '-----BEGIN ',
      'curl -ua:',
      '&key=',
      'password:\\"',
    ]
    const timeMs = (text: string): number => {
      const startedMs = performance.now()
      redactText(text)
      return performance.now() - startedMs
    }
    for (const piece of pieces) {
      const takenMs = timeMs(piece.repeat(1_000_000 / piece.length))
      assert.ok(takenMs < 3_000, `${JSON.stringify(piece)} took ${takenMs.toFixed(0)} ms for a megabyte`)
    }
  })
})

describe('isSensitiveKey', () => {
  it('knows names of secrets in every spelling', () => {
    for (const name of [
      'password',
      'Passwd',
      'MYSQL_PWD',
      'db.password',
      'apiKey',
      'api_key',
      'X-Api-Key',
      'access_token',
      'corpSecret',
      'authorization',
      'Set-Cookie',
      'master_key',
      'private-key',
      'storepass',
      '密码',
      'encoding_aes_key',
    ])
      assert.ok(isSensitiveKey(name), name)
  })

  it('knows names that hold none', () => {
    for (const name of [
      'PWD',
      'password_file',
      'token_count',
      'max_tokens',
      'tokenizer',
      'secretary',
      'bypass',
      'key',
      'keyboard',
      'passed',
      'public_key',
      'password_expires',
      'monkey',
    ])
      assert.ok(!isSensitiveKey(name), name)
  })
})

describe('redactFields', () => {
  it('hides fields with a secret name at any depth, and secrets inside texts', () => {
    assert.deepEqual(
      redactFields({
        a: [{ password: 'x', b: { Authorization: ['y'], token: 5, max_tokens: 4096 } }],
        tokens: ['x'],
        command: 'mysql -phunter2',
        password_set: true,
        secret: null,
      }),
      {
        a: [{ password: '***', b: { Authorization: '***', token: '***', max_tokens: 4096 } }],
        tokens: '***',
        command: 'mysql -p***',
        password_set: true,
        secret: null,
      },
    )
  })

  it('ends on data that nests without end', () => {
    let nested: unknown = 'x'
    for (let depth = 0; depth < 5_000; depth += 1) nested = [nested]
    assert.match(JSON.stringify(redactFields(nested)), /^\[+"\[…\]"\]+$/)
  })
})
