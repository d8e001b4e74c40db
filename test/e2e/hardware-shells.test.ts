import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findTool } from '../../src/collect/testing/find-tool.ts'
import { inspectHere } from '../../src/collect/testing/inspect-here.ts'
import { busyboxTools, shellAsSh } from '../../src/collect/testing/stub-tools.ts'
import { createLocalTransport } from '../../src/collect/transport/local.ts'
import type { ServerInspection } from '../../src/domain/inspection.ts'
import { outcomeValue } from '../../src/domain/outcome.ts'

/** Facts that do not change from one look to the next. */
function lasting({ facts, sections }: ServerInspection) {
  const { system, memory, disk, sensors, network, gpu } = facts
  assert.ok(system && memory && disk && sensors && network && gpu)
  const filesystems = outcomeValue(disk.filesystems)?.map(
    ({ mount, type, totalBytes, inodesTotal, readOnly }) => ({
      mount,
      type,
      totalBytes,
      inodesTotal,
      readOnly,
    }),
  )
  return {
    statuses: sections.map(({ id, status }) => `${id} ${status}`),
    system: [system.os, system.cpu, system.board, system.virtualization],
    memory: [outcomeValue(memory.meminfo)?.totalBytes, memory.inventory, memory.edac, memory.numa.status],
    processes: (outcomeValue(memory.processes) ?? []).length,
    disk: [filesystems, disk.blockDevices, disk.mdArrays, disk.smart, disk.hardwareRaid],
    sensors: sensors.hwmon,
    gpu,
  }
}

const SHELLS = ['dash', 'bash', 'busybox'] as const

test('dash, bash and BusyBox ash read the same facts of this machine', {
  skip: SHELLS.find((name) => findTool(name) === null) ?? false,
}, async () => {
  const [dash, ...others] = await Promise.all(
    SHELLS.map(async (name) => {
      const path = findTool(name) ?? ''
      using tools = shellAsSh(path)
      const shell = name === 'busybox' ? ([path, 'ash', '-s'] as const) : ([path, '-s'] as const)
      return lasting(await inspectHere(createLocalTransport({ shell, path: tools.path })))
    }),
  )
  assert.ok(dash !== undefined && dash.processes > 0)
  for (const other of others) assert.deepEqual(other, dash)
})

test('BusyBox with nothing but its own tools reads the system, the memory and the filesystems alike', {
  skip: findTool('busybox') === null ? 'busybox is not installed' : false,
}, async () => {
  const busybox = findTool('busybox') ?? ''
  using tools = busyboxTools(busybox)
  const [bare, usual] = [
    lasting(await inspectHere(createLocalTransport({ shell: [busybox, 'ash', '-s'], path: tools.path }))),
    lasting(await inspectHere()),
  ]
  assert.deepEqual([bare.system, bare.memory, bare.disk[0]], [usual.system, usual.memory, usual.disk[0]])
  assert.ok(bare.processes > 0)
})
