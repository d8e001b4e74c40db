import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'

/** Tools that probes call; which of them a machine has decides what can be read of it. */
const PROBE_TOOLS = ['dmidecode', 'smartctl', 'lsblk', 'ipmitool'] as const
/** Where they are installed, whatever the PATH of this process. */
const TOOL_FOLDERS = ['/usr/sbin', '/sbin', '/usr/local/sbin', '/usr/bin', '/bin', '/usr/local/bin']

/** Returns for each probe tool whether this machine has it. */
export async function localTools(signal: AbortSignal): Promise<ReadonlyMap<string, boolean>> {
  const found = new Map<string, boolean>()
  for (const tool of PROBE_TOOLS) {
    signal.throwIfAborted()
    const places = await Promise.all(
      TOOL_FOLDERS.map(async (folder) => await isExecutable(join(folder, tool))),
    )
    found.set(tool, places.includes(true))
  }
  return found
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
