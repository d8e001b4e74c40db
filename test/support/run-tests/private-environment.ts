import { chmodSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MARK_NAME = 'SMART_OPS_TEST_RUN'

/** A folder of the run's own and the environment that keeps everything in it. */
export interface PrivateEnvironment {
  readonly folder: string
  /** `NAME=folder`, in the environment of every process of the run and of no other. */
  readonly mark: string
  readonly env: NodeJS.ProcessEnv
}

/**
 * Makes a private folder and returns the environment for everything that runs in it: temporary files, data and logs
 * go there, and no setting of the person who runs the tests (`SMART_OPS_*`, npm's own) gets through.
 */
export function makePrivateEnvironment(): PrivateEnvironment {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'smart-ops-test-')))
  // Accounts that tests make for themselves pass through on the way to what is theirs.
  chmodSync(folder, 0o711)
  const inherited = Object.entries(process.env).filter(([name]) => !/^(SMART_OPS_|npm_)/i.test(name))
  const place = (name: string) => {
    mkdirSync(join(folder, name))
    return join(folder, name)
  }
  const env = {
    ...Object.fromEntries(inherited),
    TMPDIR: place('tmp'),
    SMART_OPS_DATA: place('data'),
    SMART_OPS_LOG_DIRECTORY: place('logs'),
    [MARK_NAME]: folder,
  }
  return { folder, mark: `${MARK_NAME}=${folder}`, env }
}
