import { fileURLToPath } from 'node:url'

/** Folder that holds package.json. */
export const projectDirectory = fileURLToPath(new URL('../../', import.meta.url))

/** The command line's entry, for starting children. */
export const cliEntry = fileURLToPath(new URL('../../bin/cli.ts', import.meta.url))
