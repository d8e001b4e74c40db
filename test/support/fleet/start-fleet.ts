import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../databases/free-port.ts'
import { type FleetAccounts, fingerprintOf, makeAccounts, makeKey } from './accounts.ts'
import { type ChaosProxy, startChaosProxy } from './chaos-proxy.ts'
import { whyNoFleet } from './fleet-requirements.ts'
import { hostAddress, hostNumber } from './host-address.ts'
import { type HostFault, isLoginFault, isNetworkFault, isOddFault, sessionFaultLine } from './host-fault.ts'
import { FLEET_ROOT, writeHostFiles } from './host-files.ts'
import { type HostProfile, hostProfile } from './host-profile.ts'
import { type NamespaceProcess, startInNamespace } from './namespace-process.ts'
import { type OddSshd, startOddSshd } from './odd-sshd.ts'
import { sshdConfig } from './sshd-config.ts'

const MANY_STARTUPS = '4096'
const FEW_STARTUPS = '3:100:3'
const BANNER = '*** 仅授权用户 Authorised users only ***\n'

export interface FleetOptions {
  /** An existing folder of the caller's own; the caller removes it after `stop`. */
  readonly directory: string
  readonly hosts: number
  /** Default: a free one. */
  readonly port?: number
  /** What each host is. Null: every command runs as on this machine, which costs the least. Default: `hostProfile`. */
  readonly profiles?: ((n: number) => HostProfile) | null
  /** Of the accounts, as a path inside. Default: the one that plays profiles and faults; another one knows of neither. */
  readonly loginShell?: string
  /** By host number. */
  readonly faults?: ReadonlyMap<number, HostFault>
}

export interface FleetHost {
  readonly address: string
  readonly port: number
}

/** A running fleet. */
export interface Fleet extends FleetAccounts {
  readonly port: number
  /** Process 1 of the fleet's pid namespace: sshd, the parent of every session. */
  readonly sshdPid: number
  /** `SHA256:…` of every host, and of those with the fault `other-host-key`. */
  readonly hostKeyFingerprint: string
  readonly otherHostKeyFingerprint: string
  /** Where host n is dialled: its port follows from the fault that it started with. */
  hostAt(n: number): FleetHost
  /**
   * Changes what goes wrong on host n from the next command or connection on; null heals it. Throws RangeError for
   * faults that are fixed at the start, and for a network fault of a host that is not dialled through the proxy.
   */
  setFault(n: number, fault: HostFault | null): void
  /** Ends sshd and everything that a session left behind. */
  stop(): Promise<void>
}

interface Ports {
  readonly main: number
  readonly otherKey: number
  readonly throttled: number
  readonly closed: number
  readonly proxy: number
  readonly odd: number
}

async function choosePorts(main: number | undefined): Promise<Ports> {
  const taken = new Set<number>(main === undefined ? [] : [main])
  const fresh = async (): Promise<number> => {
    for (;;) {
      const port = await findFreePort()
      if (taken.has(port)) continue
      taken.add(port)
      return port
    }
  }
  return {
    main: main ?? (await fresh()),
    otherKey: await fresh(),
    throttled: await fresh(),
    closed: await fresh(),
    proxy: await fresh(),
    odd: await fresh(),
  }
}

/** Writes all that the namespace gets to see, below `stage`. */
function writeStage(stage: string, options: FleetOptions, ports: Ports): void {
  const { profiles = hostProfile, faults = new Map<number, HostFault>() } = options
  cpSync(fileURLToPath(new URL('./tools', import.meta.url)), join(stage, 'tools'), { recursive: true })
  mkdirSync(join(stage, 'faults'))
  const of = (kind: HostFault['kind']): readonly string[] =>
    [...faults].filter(([, fault]) => fault.kind === kind).map(([n]) => hostAddress(n))
  if (profiles !== null)
    for (let n = 0; n < options.hosts; n += 1) {
      const address = hostAddress(n)
      writeHostFiles(join(stage, 'hosts', address), address, profiles(n))
    }
  for (const [n, fault] of faults)
    if (!isLoginFault(fault) && !isNetworkFault(fault) && !isOddFault(fault))
      writeFileSync(join(stage, 'faults', hostAddress(n)), sessionFaultLine(fault))
  writeFileSync(join(stage, 'etc/banner'), BANNER)
  const etc = `${FLEET_ROOT}/etc`
  const common = { etc, refusing: of('auth-refused'), greeting: of('banner'), maxStartups: MANY_STARTUPS }
  const configs = {
    main: sshdConfig({ ...common, port: ports.main, hostKey: 'host-key' }),
    'other-key': sshdConfig({ ...common, port: ports.otherKey, hostKey: 'other-host-key' }),
    throttled: sshdConfig({
      ...common,
      port: ports.throttled,
      hostKey: 'host-key',
      maxStartups: FEW_STARTUPS,
    }),
  }
  for (const [name, config] of Object.entries(configs)) writeFileSync(join(stage, `etc/sshd_${name}`), config)
}

/**
 * Everything that is visible inside lies in memory, so that the namespace shows no real filesystem but the machine's
 * own root. `-r` keeps sshd from starting itself anew for every connection: 9 ms of CPU less each.
 */
function writeScript(directory: string): string {
  const path = join(directory, 'start')
  const sshd = (name: string): string =>
    `/usr/sbin/sshd -D -r -f ${FLEET_ROOT}/etc/sshd_${name} -E ${FLEET_ROOT}/${name}.log`
  writeFileSync(
    path,
    `exec >"$(dirname "$0")/log" 2>&1
set -e
stage=$(dirname "$0")/stage
mount -t tmpfs -o mode=755 tmpfs ${FLEET_ROOT}
cp -a "$stage/." ${FLEET_ROOT}/
chown -R root:root ${FLEET_ROOT}
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -m 755 /run/sshd
for name in passwd group shadow; do mount --bind ${FLEET_ROOT}/etc/$name /etc/$name; done
cd /
${sshd('other-key')} &
${sshd('throttled')} &
exec ${sshd('main')}
`,
  )
  return path
}

function portOf(fault: HostFault | undefined, ports: Ports): number {
  if (fault === undefined) return ports.main
  if (fault.kind === 'closed-port') return ports.closed
  if (fault.kind === 'throttled') return ports.throttled
  if (isOddFault(fault)) return ports.odd
  return isNetworkFault(fault) ? ports.proxy : ports.main
}

interface Running {
  readonly options: FleetOptions
  readonly ports: Ports
  readonly sshd: NamespaceProcess
  readonly faults: Map<number, HostFault>
}

function changeFault({ options, sshd, faults }: Running, n: number, fault: HostFault | null): void {
  const path = `/proc/${sshd.pid}/root${FLEET_ROOT}/faults/${hostAddress(n)}`
  const first = options.faults?.get(n)
  const isProxied = first !== undefined && isNetworkFault(first)
  if (fault !== null && (isLoginFault(fault) || isOddFault(fault)))
    throw new RangeError(`${fault.kind} is fixed when the fleet starts`)
  if (fault !== null && isNetworkFault(fault) && !isProxied)
    throw new RangeError(`host ${n} is not dialled through the proxy: start it with through-proxy`)
  if (fault === null || isNetworkFault(fault)) rmSync(path, { force: true })
  else writeFileSync(path, sessionFaultLine(fault))
  if (fault === null) faults.delete(n)
  else faults.set(n, fault)
}

const faultAt = (faults: Running['faults'], address: string): HostFault | undefined =>
  faults.get(hostNumber(address) ?? -1)

function startProxy({ ports, faults }: Running): Promise<ChaosProxy> {
  return startChaosProxy({
    port: ports.proxy,
    target: ports.main,
    otherKeyTarget: ports.otherKey,
    faultOf: (address) => {
      const fault = faultAt(faults, address)
      return fault !== undefined && isNetworkFault(fault) ? fault : null
    },
  })
}

function startOdd({ ports, faults }: Running, stage: string, accounts: FleetAccounts): Promise<OddSshd> {
  return startOddSshd({
    port: ports.odd,
    hostKey: readFileSync(join(stage, 'etc/host-key'), 'utf8'),
    target: { port: ports.main, username: accounts.user, privateKey: accounts.privateKey },
    faultOf: (address) => {
      const fault = faultAt(faults, address)
      return fault !== undefined && isOddFault(fault) ? fault : null
    },
  })
}

/**
 * Starts a fleet: one real sshd for every address 127.1.a.b, in namespaces of its own, with accounts that exist
 * nowhere else. Returns null after a NOTICE line where `whyNoFleet` names something missing. Throws when sshd does not
 * start; nothing is left running then.
 */
export async function startFleet(options: FleetOptions): Promise<Fleet | null> {
  const reason = whyNoFleet()
  if (reason !== null) {
    process.stdout.write(`NOTICE ${reason}\n`)
    return null
  }
  const stage = join(options.directory, 'stage')
  mkdirSync(stage, { recursive: true })
  const ports = await choosePorts(options.port)
  const accounts = makeAccounts(stage, options.loginShell ?? `${FLEET_ROOT}/tools/fleet-shell`)
  makeKey(join(stage, 'etc/host-key'))
  makeKey(join(stage, 'etc/other-host-key'))
  writeStage(stage, options, ports)
  const listening = [ports.main, ports.otherKey, ports.throttled]
  const sshd = await startInNamespace(
    writeScript(options.directory),
    listening,
    join(options.directory, 'log'),
  )
  const faults = new Map(options.faults)
  const running: Running = { options, ports, sshd, faults }
  const beside: (ChaosProxy | OddSshd)[] = []
  const stop = async (): Promise<void> => {
    await Promise.all([...beside.map((each) => each.close()), sshd.stop()])
  }
  try {
    beside.push(await startProxy(running))
    beside.push(await startOdd(running, stage, accounts))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    ...accounts,
    port: ports.main,
    sshdPid: sshd.pid,
    hostKeyFingerprint: fingerprintOf(join(stage, 'etc/host-key')),
    otherHostKeyFingerprint: fingerprintOf(join(stage, 'etc/other-host-key')),
    hostAt: (n) => ({ address: hostAddress(n), port: portOf(options.faults?.get(n), ports) }),
    setFault: (n, fault) => changeFault(running, n, fault),
    stop,
  }
}
