import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomNonce, sectionsOf } from '../../../src/collect/collector.ts'
import { composeScript } from '../../../src/collect/compose-script.ts'
import { findTool } from '../../../src/collect/testing/find-tool.ts'
import { PROBE_NAMES } from '../../../src/domain/inspection.ts'

/** How big the machine is that is looked at; it has the processes of this one besides. */
export interface MachineSize {
  readonly processes: number
  readonly cpus: number
  readonly drives: number
}

/** What one full inspection costs a server, its tools and every other child included. */
export interface InspectionCost {
  readonly cpuSeconds: number
  readonly sectionsEnded: number
  /** What the script printed, both streams. */
  readonly output: string
}

/** Why a machine of another size cannot be played here; false when it can. */
export const whyNoMachine = (): string | false =>
  process.getuid?.() === 0 && findTool('unshare') !== null
    ? false
    : 'a machine of another size: needs root and unshare'

/** Tools that answer at once: what they would do themselves is not the cost of our script. */
function toolsFor(drives: number): Readonly<Record<string, string>> {
  const names = Array.from({ length: drives }, (_, index) => `/dev/sg${index}`)
  const scan = names.map((name) => `${name} -d scsi # ${name}, SCSI device`).join('\n')
  const answer = '{"device":{"protocol":"SCSI"},"scsi_vendor":"EXAMPLE","smart_status":{"passed":true}}'
  return {
    smartctl: `case $1 in --version) echo 'smartctl 7.4' ;; --scan) echo '${scan}' ;; *) echo '${answer}' ;; esac`,
    dmidecode: 'echo "# dmidecode 3.5"',
    ipmitool: 'echo "Inlet Temp       | 04h | ok  |  7.1 | 23 degrees C"',
    'nvidia-smi': 'exit 9',
    // Nothing is nearly full: looking for what takes the space is the heavy part.
    df: `echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'
echo '/dev/sda1 1000000 100000 900000 10% /'`,
  }
}

const cpuinfo = (cpus: number): string =>
  Array.from(
    { length: cpus },
    (_, id) =>
      `processor\t: ${id}\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 106\nmodel name\t: Example CPU\n` +
      `stepping\t: 6\nphysical id\t: ${id % 2}\ncore id\t\t: ${id >> 1}\nflags\t\t: fpu vme sse sse2 avx avx2\n\n`,
  ).join('')

function writeMachine(folder: string, { cpus, drives }: MachineSize): void {
  mkdirSync(join(folder, 'tools'))
  for (const [name, body] of Object.entries(toolsFor(drives))) {
    writeFileSync(join(folder, 'tools', name), `#!/bin/sh\n${body}\n`)
    chmodSync(join(folder, 'tools', name), 0o755)
  }
  writeFileSync(join(folder, 'cpuinfo'), cpuinfo(cpus))
  for (let id = 0; id < cpus; id += 1) {
    const topology = join(folder, 'cpu', `cpu${id}`, 'topology')
    mkdirSync(topology, { recursive: true })
    writeFileSync(join(topology, 'physical_package_id'), `${id % 2}\n`)
    writeFileSync(join(topology, 'core_id'), `${id >> 1}\n`)
  }
  writeFileSync(join(folder, 'script'), composeScript(sectionsOf(PROBE_NAMES), randomNonce()))
}

/** `times` prints the time of the shell, and on its second line that of its children (POSIX). */
const RUN = `set -e
mount --bind "$1/cpuinfo" /proc/cpuinfo
mount --bind "$1/cpu" /sys/devices/system/cpu
PATH=$1/tools:$PATH
export PATH
/bin/sh -s <"$1/script" >"$1/output" 2>&1
times >"$1/times"
cat "$1/output"`

/** Returns user and system seconds of the children, the last line of what `times` prints. Throws for anything else. */
export function childSeconds(times: string): number {
  const [, user, userSeconds, system, systemSeconds] =
    /\n(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(times) ?? []
  const seconds = 60 * (Number(user) + Number(system)) + Number(userSeconds) + Number(systemSeconds)
  if (!Number.isFinite(seconds)) throw new Error(`not what times prints: ${times}`)
  return seconds
}

/** Runs the whole inspection as its script is sent to a server, on this machine made as big as asked. */
export function measureInspection(size: MachineSize): InspectionCost {
  const folder = mkdtempSync(join(tmpdir(), 'smart-ops-cost-'))
  const crowd = Array.from({ length: size.processes }, () => spawn('sleep', ['600'], { stdio: 'ignore' }))
  try {
    writeMachine(folder, size)
    const run = spawnSync(
      'unshare',
      ['-m', '--propagation', 'private', 'dash', '-c', `${RUN}; cat "$1/times"`, 'sh', folder],
      { encoding: 'utf8', timeout: 120_000, maxBuffer: 64 * 1024 ** 2 },
    )
    if (run.status !== 0) throw new Error(`the inspection did not run: ${run.stderr}`)
    return {
      cpuSeconds: childSeconds(run.stdout),
      sectionsEnded: [...run.stdout.matchAll(/^@@smart-ops [0-9a-f]{32} out end /gm)].length,
      output: run.stdout,
    }
  } finally {
    for (const child of crowd) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}
