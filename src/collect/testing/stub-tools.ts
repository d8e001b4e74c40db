import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of stand-in tools, for the front of PATH. Removed when disposed. */
export interface StubTools extends Disposable {
  readonly folder: string
  /** PATH with the folder first. */
  readonly path: string
}

const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function inTemporaryFolder(fill: (folder: string) => void): StubTools {
  const folder = mkdtempSync(join(tmpdir(), 'smart-ops-stubs-'))
  fill(folder)
  return {
    folder,
    path: `${folder}:${USUAL_PATH}`,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Returns a folder with one shell script per name. */
export const stubTools = (scripts: Readonly<Record<string, string>>): StubTools =>
  inTemporaryFolder((folder) => {
    for (const [name, body] of Object.entries(scripts)) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`)
      chmodSync(join(folder, name), 0o755)
    }
  })

/** Returns a folder in which every applet of BusyBox, `sh` included, is a link to it. */
export const busyboxTools = (busybox: string): StubTools =>
  inTemporaryFolder((folder) => {
    const applets = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).split('\n')
    for (const applet of applets) if (/^[a-z0-9]+$/.test(applet)) symlinkSync(busybox, join(folder, applet))
  })

/** Returns a folder in which only `sh` is replaced, by a link to the shell. */
export const shellAsSh = (shell: string): StubTools =>
  inTemporaryFolder((folder) => symlinkSync(shell, join(folder, 'sh')))
