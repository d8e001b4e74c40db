import assert from 'node:assert/strict'
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { stubTools } from '../collect/testing/stub-tools.ts'
import type { TestSshd } from '../collect/transport/ssh/testing/sshd.ts'
import { startSshd, whyNoSshd } from '../collect/transport/ssh/testing/sshd.ts'
import { loadConfig } from '../config/load-config.ts'
import { PROBE_NAMES } from '../domain/inspection.ts'
import { completeDraft, type InventoryServer } from '../domain/server.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/repositories.ts'
import { reachServers } from './reach-servers.ts'

const signal = new AbortController().signal

/** sudo that notes each call and lets in once `permit` exists. */
const sudoStub = (folder: string): string => `echo "$*" >>'${folder}/asked'
if [ -e '${folder}/permit' ]; then
  shift
  [ "$1" != -l ] || exit 0
  exec "$@"
fi
echo 'sudo: a password is required' >&2
exit 1`

describe('servers that are reached as the configuration says', { skip: whyNoSshd() }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'smart-ops-reach-'))
  const tools = stubTools({
    sudo: sudoStub(folder),
    dmidecode: 'echo "# dmidecode 3.4"',
    smartctl: 'exit 0',
    ipmitool: 'echo',
  })
  let sshd: TestSshd
  let store: Store
  before(async () => {
    for (const path of [folder, tools.folder]) chmodSync(path, 0o777)
    appendFileSync(join(folder, 'asked'), '')
    chmodSync(join(folder, 'asked'), 0o666)
    sshd = await startSshd([`SetEnv PATH=${tools.path}`])
    const settings = { kind: 'sqlite', path: join(folder, 'test.db'), timeZone: 'UTC' } as const
    store = await openStore(settings, { clock: systemClock, logger: silentLogger })
    await store.migrate()
  })
  after(async () => {
    await store.close()
    await sshd.stop()
    tools[Symbol.dispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  const open = () => {
    writeFileSync(
      join(folder, 'ops.yaml'),
      `ssh:
  defaults: { port: ${sshd.port}, user: ops, credential: key }
  credentials:
    key: { private_key: "file:${sshd.keyPath}" }
    guess: { password: "env:GUESS" }
`,
    )
    const env = { SMART_OPS_CONFIG: join(folder, 'ops.yaml'), GUESS: 'wrong-secret' }
    const config = loadConfig({ env, cwd: folder })
    const secrets = async () => ({ env, reader: null, box: null })
    return reachServers({ config, logger: silentLogger, store, secrets })
  }
  const add = async (ip: string, credential: string): Promise<InventoryServer> => {
    const draft = completeDraft({ bkCloudId: 0, ip, transport: 'ssh', credential }, systemClock.now())
    const [server] = await store.servers.insertMany([draft])
    return server ?? assert.fail('nothing was added')
  }
  const calls = (): readonly string[] => readFileSync(join(folder, 'asked'), 'utf8').split('\n').slice(0, -1)

  test('sudo that refused is not asked again, by no process, until a person tests the server', async () => {
    const server = await add('127.0.0.11', 'key')
    let reach = open()
    const statusOf = async () => {
      const { sections, unreachable } = await reach.inspect(server, PROBE_NAMES, signal)
      assert.equal(unreachable, null)
      return sections.find(({ id }) => id === 'memory.inventory')?.status
    }
    assert.equal(await statusOf(), 'denied')
    const first = calls().length
    assert.ok(first >= 3, `${first} calls`)
    assert.equal(await statusOf(), 'denied')
    await reach.close()
    reach = open()
    writeFileSync(join(folder, 'permit'), '')
    assert.equal(await statusOf(), 'denied', 'it does not know yet that it is permitted')
    assert.equal(calls().length, first)
    const check = await reach.check(server, { askedAt: systemClock.now(), signal })
    assert.equal(check.privileges.find(({ command }) => command.includes('dmidecode'))?.state, 'permitted')
    const before = calls().length
    assert.notEqual(await statusOf(), 'denied')
    assert.ok(
      calls()
        .slice(before)
        .some((call) => call.startsWith('-n dmidecode ')),
    )
    await reach.close()
  })

  test('testing a server tries its refused login once each time, and that of no other', async () => {
    const [mine, other] = [await add('127.0.0.12', 'guess'), await add('127.0.0.13', 'guess')]
    const tries = (): number => [...sshd.log().matchAll(/Failed password/g)].length
    const reach = open()
    const check = async (server: InventoryServer, askedAt: Date) => {
      const { unreachable } = await reach.check(server, { askedAt, signal })
      assert.equal(unreachable?.reason, 'login_refused')
      assert.doesNotMatch(unreachable?.message ?? '', /wrong-secret/)
    }
    for (const server of [mine, other]) await reach.inspect(server, ['metrics'], signal)
    const start = tries()
    const askedAt = systemClock.now()
    await check(mine, askedAt)
    await check(mine, askedAt)
    assert.equal(tries() - start, 1)
    await reach.inspect(other, ['metrics'], signal)
    assert.equal(tries() - start, 1, 'the other one still waits')
    await check(mine, systemClock.now())
    assert.equal(tries() - start, 2)
    await reach.close()
  })
})
