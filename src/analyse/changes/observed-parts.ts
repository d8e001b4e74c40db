import type { FactsByProbe, ProbeName } from '../../domain/inspection.ts'
import { outcomeValue, type SectionOutcome } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import { fact, type Observed, type ObservedPart } from './observed.ts'

type Facts = Partial<FactsByProbe>

/** A part of the server and how to read its things from the facts: null where the part was not read. */
export interface ComparablePart extends ObservedPart {
  readonly probe: ProbeName
  readonly observe: (facts: Facts) => readonly Observed[] | null
}

const readOf = <T>(outcome: SectionOutcome<T> | undefined): T | null =>
  outcome === undefined ? null : outcomeValue(outcome)

const STATE = text('状态', 'state')
const FIRMWARE = text('固件', 'firmware')

const system: ComparablePart = {
  area: 'system',
  probe: 'system',
  sectionId: 'system.os',
  observe: ({ system: facts }) => {
    const os = readOf(facts?.os)
    if (os === null) return null
    return [
      {
        key: 'os',
        name: text('系统', 'System'),
        facts: [
          fact('name', text('版本', 'version'), os.prettyName),
          fact('kernel', text('内核', 'kernel'), os.kernelRelease),
          fact('hostname', text('主机名', 'host name'), os.hostname),
          fact('architecture', text('架构', 'architecture'), os.architecture),
        ],
      },
    ]
  },
}

const board: ComparablePart = {
  area: 'firmware',
  probe: 'system',
  sectionId: 'system.board',
  observe: ({ system: facts }) => {
    const found = readOf(facts?.board)
    if (found === null) return null
    return [
      {
        key: 'board',
        name: text('主板', 'Board'),
        facts: [
          fact('product', text('机型', 'model'), found.productName),
          fact('board', text('主板型号', 'board model'), found.boardName),
          fact('serial', text('整机序列号', 'serial number'), found.serialNumber),
        ],
      },
      {
        key: 'bios',
        name: text('BIOS', 'BIOS'),
        facts: [
          fact('version', text('版本', 'version'), found.biosVersion),
          fact('date', text('日期', 'date'), found.biosDate),
        ],
      },
    ]
  },
}

const cpu: ComparablePart = {
  area: 'cpu',
  probe: 'system',
  sectionId: 'system.cpu',
  observe: ({ system: facts }) => {
    const found = readOf(facts?.cpu)
    if (found === null) return null
    return [
      {
        key: 'cpu',
        name: text('CPU', 'CPU'),
        facts: [
          fact('model', text('型号', 'model'), found.modelName),
          fact('sockets', text('插槽数', 'sockets'), found.socketCount),
          fact('cores', text('核心数', 'cores'), found.coreCount),
          fact('logical', text('逻辑 CPU 数', 'logical CPUs'), found.logicalCount),
        ],
      },
    ]
  },
}

const sockets: ComparablePart = {
  area: 'cpu',
  probe: 'memory',
  sectionId: 'memory.inventory',
  observe: ({ memory: facts }) =>
    readOf(facts?.inventory)?.firmware.processors.map(({ socket, version, status }, index) => {
      const name = socket ?? `#${index + 1}`
      return {
        key: `socket ${index} ${name}`,
        name: text(`CPU 插槽 ${name}`, `CPU socket ${name}`),
        facts: [fact('version', text('型号', 'model'), version), fact('status', STATE, status)],
      }
    }) ?? null,
}

const mdArrays: ComparablePart = {
  area: 'raid',
  probe: 'disk',
  sectionId: 'disk.md_arrays',
  observe: ({ disk }) =>
    readOf(disk?.mdArrays)?.map((array) => ({
      key: array.name,
      name: text(`软 RAID ${array.name}`, `Software RAID ${array.name}`),
      facts: [
        fact('state', STATE, array.state),
        fact('level', text('级别', 'level'), array.level),
        fact('active', text('在线成员', 'active members'), array.activeMemberCount),
      ],
    })) ?? null,
}

const volumes: ComparablePart = {
  area: 'raid',
  probe: 'disk',
  sectionId: 'disk.hardware_raid',
  observe: ({ disk }) =>
    readOf(disk?.hardwareRaid)?.flatMap(({ tool, controllers, volumes: found }) => [
      ...controllers.map((controller) => ({
        key: `${tool} controller ${controller.id}`,
        name: text(
          `RAID 控制器 ${controller.model ?? controller.id}`,
          `RAID controller ${controller.model ?? controller.id}`,
        ),
        facts: [
          fact('firmware', FIRMWARE, controller.firmware),
          fact('state', STATE, controller.stateText),
          fact('battery', text('电池', 'battery'), controller.battery?.stateText ?? null),
        ],
      })),
      ...found.map((volume) => ({
        key: `${tool} volume ${volume.controllerId ?? ''} ${volume.name}`,
        name: text(`RAID 卷 ${volume.name}`, `RAID volume ${volume.name}`),
        facts: [
          fact('state', STATE, volume.stateText),
          fact('level', text('级别', 'level'), volume.level),
          fact('size', text('容量', 'size'), volume.sizeText),
        ],
      })),
    ]) ?? null,
}

const pools: ComparablePart = {
  area: 'raid',
  probe: 'disk',
  sectionId: 'disk.zfs_pools',
  observe: ({ disk }) =>
    readOf(disk?.zfsPools)?.map((pool) => ({
      key: pool.name,
      name: text(`ZFS 池 ${pool.name}`, `ZFS pool ${pool.name}`),
      facts: [fact('state', STATE, pool.state)],
    })) ?? null,
}

const multipath: ComparablePart = {
  area: 'raid',
  probe: 'disk',
  sectionId: 'disk.multipath',
  observe: ({ disk }) =>
    readOf(disk?.multipath)?.map((map) => ({
      key: map.wwid ?? map.name,
      name: text(`多路径 ${map.name}`, `Multipath ${map.name}`),
      facts: [fact('up', text('可用路径', 'paths up'), map.paths.filter(({ up }) => up).length)],
    })) ?? null,
}

/** Parts whose things have names of their own; modules and drives are compared by their serial numbers. */
export const COMPARABLE_PARTS: readonly ComparablePart[] = [
  system,
  board,
  cpu,
  sockets,
  mdArrays,
  volumes,
  pools,
  multipath,
]
