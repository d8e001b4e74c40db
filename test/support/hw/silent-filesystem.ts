import { execFileSync } from 'node:child_process'
import { accessSync, closeSync, constants, openSync, readSync, writeSync } from 'node:fs'
import { findTool } from '../../../src/collect/testing/find-tool.ts'

/** Requests as /dev/fuse gives them, and the first answer (include/uapi/linux/fuse.h, protocol 7.31). */
const REQUEST_ROOM = 1_048_576
const OPCODE_OFFSET = 4
const UNIQUE_OFFSET = 8
const FUSE_INIT = 26
const INIT_ANSWER_BYTES = 80

export interface SilentMount {
  /** A process in the mount namespace in which it is mounted. */
  readonly namespacePid: number
  /** `fuseblk` needs a block device as its source and counts as a local disk; `fuse.nfs4` is a network mount. */
  readonly type: 'fuseblk' | 'fuse.nfs4'
  readonly source: string
  readonly mountPoint: string
  /**
   * `killable`: what touches it waits until it is killed, as on NFS. `stuck`: not even SIGKILL ends it (state D), as
   * with a disk that does not answer.
   */
  readonly waits: 'killable' | 'stuck'
}

/** A mounted filesystem that never answers. */
export interface SilentFilesystem {
  /** Lets everything that waits fail. The mount stays until its namespace ends. */
  release(): void
}

/** Why no filesystem of our own can be mounted here; false when it can. */
export function whyNoSilentFilesystem(): string | false {
  for (const tool of ['nsenter', 'losetup'])
    if (findTool(tool) === null) return `silent filesystem: ${tool} is not installed`
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK)
    return false
  } catch (error) {
    return `silent filesystem: ${error instanceof Error ? error.message : String(error)}`
  }
}

function answerInit(device: number, room: Buffer): void {
  readSync(device, room)
  if (room.readUInt32LE(OPCODE_OFFSET) !== FUSE_INIT) throw new Error('the kernel did not begin with INIT')
  const answer = Buffer.alloc(INIT_ANSWER_BYTES)
  answer.writeUInt32LE(INIT_ANSWER_BYTES, 0)
  answer.writeBigUInt64LE(room.readBigUInt64LE(UNIQUE_OFFSET), 8)
  // Version 7.31, read-ahead, flags, requests at once, and the longest write.
  answer.writeUInt32LE(7, 16)
  answer.writeUInt32LE(31, 20)
  answer.writeUInt32LE(65_536, 24)
  answer.writeUInt16LE(12, 32)
  answer.writeUInt16LE(10, 34)
  answer.writeUInt32LE(65_536, 36)
  answer.writeUInt32LE(1, 40)
  writeSync(device, answer)
}

/** Takes what is asked and never answers it: from then on the kernel waits without end. */
function takeRequests(device: number, room: Buffer): void {
  try {
    for (;;) readSync(device, room)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
  }
}

/** Mounts a filesystem that never answers. Needs root; throws when mount(8) refuses. */
export function mountSilent({
  namespacePid,
  type,
  source,
  mountPoint,
  waits,
}: SilentMount): SilentFilesystem {
  const device = openSync('/dev/fuse', constants.O_RDWR | constants.O_NONBLOCK)
  execFileSync(
    'nsenter',
    [
      `--mount=/proc/${namespacePid}/ns/mnt`,
      ...['mount', '-i', '-t', type, '-o', 'fd=3,rootmode=40000,user_id=0,group_id=0,allow_other'],
      ...[source, mountPoint],
    ],
    { stdio: ['ignore', 'pipe', 'pipe', device] },
  )
  const room = Buffer.alloc(REQUEST_ROOM)
  answerInit(device, room)
  const taking = waits === 'stuck' ? setInterval(() => takeRequests(device, room), 10) : undefined
  return {
    release() {
      clearInterval(taking)
      closeSync(device)
    },
  }
}
