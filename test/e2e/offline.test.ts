import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { recordings_inspect, recordings_parse } from '../../src/operations/registry.ts'
import { service_002_memory_inspection, service_003_disk_inspection } from '../../src/services/registry.ts'
import { createInstallation, type Installation, runCommand } from '../support/product.ts'

/** An address for documentation (RFC 5737): nothing is ever connected to. */
const ADDRESS = '192.0.2.10'
const SHELLS = ['dash', 'bash', 'busybox sh'] as const

let installation: Installation
let script = ''
let live: Awaited<ReturnType<typeof inspectHereLive>> | null = null

const inFolder = (name: string): string => join(installation.directory, name)

async function succeed(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(installation, ...args)
  assert.equal(exitCode, 0, `${args.join(' ')}\n${stderr}${stdout}`)
  return stdout
}

const inspectJson = async (...args: string[]) =>
  recordings_inspect.output.parse(JSON.parse(await succeed('inspect', ...args, '--json')).data)

/** Runs the carried script as a person would and returns the path of what it printed. */
function carry(shell: (typeof SHELLS)[number]): string {
  const path = inFolder('output.txt')
  const ran = spawnSync('/bin/sh', ['-c', `${shell} '${inFolder('probe.sh')}' > '${path}' 2>&1`])
  assert.equal(ran.status, 0, `${shell}: ${ran.stderr}`)
  return path
}

before(async () => {
  installation = await createInstallation()
  await succeed('db', 'migrate')
  script = await succeed('probes', 'show', '--script')
  writeFileSync(inFolder('probe.sh'), script)
})

after(() => installation.remove())

describe('a server inspected by hand', () => {
  test('the script is a script and nothing else, and only of the probes asked for', async () => {
    assert.match(script, /^#!\/bin\/sh\n# Run it on the server.*\n#\s+sh probe\.sh > output\.txt 2>&1\n/)
    assert.match(script, /\nsmart_ops_record\n$/)
    const memory = await succeed('probes', 'show', '--script', '--probes', 'memory')
    assert.ok(memory.includes('section memory.meminfo ') && !memory.includes('section disk.'))
  })

  for (const shell of SHELLS)
    test(`what ${shell} printed is read as this machine is live`, async () => {
      const { recording, server, report } = await inspectJson('--from', carry(shell), '--name', 'db-1')
      live ??= await inspectHereLive()
      assert.equal(recording.hostname, spawnSync('uname', ['-n'], { encoding: 'utf8' }).stdout.trim())
      assert.deepEqual([server.name, server.saved, server.in_inventory], ['db-1', false, false])
      assert.deepEqual([report.totals.servers, report.totals.inspected], [1, 1])
      const [memory] = report.facts.memory.servers
      const [disk] = report.facts.disk.servers
      assert.ok(memory !== undefined && disk !== undefined)
      assert.ok(memory.usage !== null && disk.filesystems !== null && disk.filesystems.length > 0)
      assert.equal(memory.usage.total_bytes, live.memory.usage?.total_bytes)
      assert.deepEqual(memory.inventory, live.memory.inventory)
      const sizes = (one: typeof disk) =>
        one.filesystems?.map(({ mount, total_bytes }) => [mount, total_bytes])
      assert.deepEqual(sizes(disk), sizes(live.disk))
      assert.deepEqual(disk.drives, live.disk.drives)
      assert.deepEqual(disk.not_read, live.disk.not_read)
      assert.deepEqual(memory.not_read, live.memory.not_read)
    })

  test('the report is Markdown, or one page that asks nobody', async () => {
    const file = carry('dash')
    assert.match(
      await succeed('inspect', '--from', file, '--lang', 'en'),
      /^> Offline inspection of .*not stored\.\n\n# /,
    )
    const page = await succeed('inspect', 'recording', '--from', file, '--html', '--name', '<b>db</b>')
    assert.match(page, /^<!doctype html>[\s\S]*<\/html>\n$/)
    assert.ok(page.includes('&lt;b&gt;db') && !page.includes('<b>db'))
    assert.doesNotMatch(page, /(?:href|src)="(?!#)/)
  })

  test('with --save it is the newest inspection of that server, without nothing is', async () => {
    const file = carry('dash')
    await succeed('servers', 'add', ADDRESS, '--name', 'carried')
    const shown = async () => JSON.parse(await succeed('servers', 'show', ADDRESS, '--json')).data.inspection
    assert.equal((await inspectJson('--from', file, '--ip', ADDRESS)).server.name, 'carried')
    assert.equal(await shown(), null)
    const saved = await inspectJson('--from', file, '--ip', ADDRESS, '--save')
    assert.deepEqual([saved.server.saved, saved.server.in_inventory], [true, true])
    assert.equal((await shown()).finished_at, saved.recording.finished_at)
  })
})

/** What services 002 and 003 say of this machine now. */
async function inspectHereLive() {
  await succeed('servers', 'add', '127.0.0.1', '--transport', 'local')
  const read = async (word: string) =>
    JSON.parse(await succeed('inspect', word, '--ips', '127.0.0.1', '--json')).data
  const memory = service_002_memory_inspection.output.parse(await read('memory')).servers[0]
  const disk = service_003_disk_inspection.output.parse(await read('disk')).servers[0]
  assert.ok(memory !== undefined && disk !== undefined)
  return { memory, disk }
}

describe('what is wrong is said, with an exit code that is not 0', () => {
  const cases: readonly (readonly [string, string | null, readonly string[], number, RegExp])[] = [
    ['empty', '', [], 2, /the content is empty/],
    ['binary', '\u007fELF\0\0\0', [], 2, /is binary/],
    ['of another tool', 'Filesystem 1K-blocks\n', [], 2, /not the output of a probe script/],
    ['not there', null, [], 2, /cannot read the file .*ENOENT/],
    ['of no address', 'whole', ['--ip', 'nonsense'], 2, /ip: "nonsense" is no IPv4 or IPv6 address/],
    ['saved for nobody', 'whole', ['--save'], 2, /ip: the address of the server is needed/],
    [
      'saved for a stranger',
      'whole',
      ['--save', '--ip', '192.0.2.99'],
      4,
      /192\.0\.2\.99 is not in cloud area 0/,
    ],
  ]
  for (const [what, content, args, exitCode, says] of cases)
    test(`a recording that is ${what}`, async () => {
      const path = inFolder('bad.txt')
      if (content !== null) writeFileSync(path, content === 'whole' ? readFileSync(carry('dash')) : content)
      const from = content === null ? inFolder('nowhere.txt') : path
      const ran = await runCommand(installation, 'inspect', '--from', from, ...args, '--lang', 'en')
      assert.deepEqual([ran.exitCode, ran.stdout], [exitCode, ''])
      assert.match(ran.stderr, says)
    })

  test('a recording that is cut short, the script itself, and two in one', async () => {
    const whole = readFileSync(carry('bash'), 'utf8')
    const contents = [
      [whole.slice(0, whole.length / 2), /cut short/],
      [script, /the probe script itself/],
      [whole + whole, /holds 2 recordings/],
    ] as const
    for (const [content, says] of contents) {
      writeFileSync(inFolder('bad.txt'), content)
      const ran = await runCommand(
        installation,
        'inspect',
        '--from',
        inFolder('bad.txt'),
        '--json',
        '--lang',
        'en',
      )
      assert.equal(ran.exitCode, 2)
      const envelope = JSON.parse(ran.stdout)
      assert.deepEqual([envelope.success, envelope.code], [false, 'INPUT_INVALID'])
      assert.match(envelope.error, says)
    }
  })
})

describe('parse', () => {
  const parse = async (kind: string, content: string) => {
    writeFileSync(inFolder('recorded.txt'), content)
    return await runCommand(installation, 'parse', kind, inFolder('recorded.txt'), '--json', '--lang', 'en')
  }
  const facts = async (kind: string, content: string) => {
    const { exitCode, stdout } = await parse(kind, content)
    assert.equal(exitCode, 0, stdout)
    return recordings_parse.output.parse(JSON.parse(stdout).data)
  }

  test('gives the facts of what this machine prints, by the kind named or by the content', async () => {
    const meminfo = readFileSync('/proc/meminfo', 'utf8')
    const total = Number(/^MemTotal:\s+(\d+) kB/m.exec(meminfo)?.[1]) * 1024
    const df = spawnSync('df', ['-P', '-k', '/'], { encoding: 'utf8' }).stdout
    for (const kind of ['meminfo', 'auto']) {
      const found = await facts(kind, meminfo)
      assert.equal(found.kind, 'meminfo')
      assert.ok(JSON.stringify(found.facts).includes(`"MemTotal":${total},`))
    }
    assert.match(JSON.stringify((await facts('df', df)).facts), /^\{"rows":\[\{[^}]*"mount":"\/"[^}]*\}\]\}$/)
  })

  test('names the kinds, and says what cannot be parsed', async () => {
    const unknown = await parse('dmidecod', 'x')
    assert.equal(unknown.exitCode, 2)
    assert.match(
      JSON.parse(unknown.stdout).error,
      /kind: found "dmidecod", allowed is one of .*"dmidecode", "smartctl"/,
    )
    const errors: readonly (readonly [string, string, RegExp])[] = [
      ['dmidecode', 'command not found\n', /cannot be parsed as output of dmidecode$/],
      [
        'smartctl',
        readFileSync('/proc/meminfo', 'utf8'),
        /as output of smartctl; it looks like output of meminfo$/,
      ],
      ['auto', 'once upon a time\n', /the output of no known kind; allowed: dmidecode, smartctl/],
      ['df', '', /the content is empty/],
    ]
    for (const [kind, content, says] of errors) {
      const { exitCode, stdout } = await parse(kind, content)
      assert.equal(exitCode, 2)
      assert.match(JSON.parse(stdout).error, says)
    }
  })

  test('takes no more than 16 MiB', async () => {
    const { exitCode, stdout } = await parse('df', 'x'.repeat(16 * 1024 ** 2 + 16))
    assert.equal(exitCode, 2)
    assert.match(JSON.parse(stdout).error, /content_base64: .*22369624 characters or fewer/)
  })
})
