/**
 * Completes package-lock.json after `npm install` on a registry that lacks the binaries of other platforms.
 *
 * npm leaves an optional package that it could not fetch out of the lock file, and `npm ci` then refuses that lock
 * file everywhere (`Missing: @biomejs/cli-darwin-arm64@… from lock file`). This adds the missing entries: name and
 * version stand in the parent's `optionalDependencies`, platform and CPU in the name. They carry no integrity hash;
 * running this again after an install on a complete registry changes nothing.
 *
 * Usage: node scripts/complete-lockfile.mjs [--check] [LOCKFILE]
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const SYSTEMS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64']

/** True when Node would find `name` from the package at `location` (a key of the lock file). */
function isLocked(packages, location, name) {
  for (let at = location; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`] !== undefined) return true
    if (at === '') return false
  }
}

/** Returns the lock file's entry of an optional platform package. Throws when the name does not say its platform. */
function platformEntry(name, version, isDevelopment) {
  const words = name.split(/[/-]/)
  const system = SYSTEMS.find((word) => words.includes(word))
  const processor = PROCESSORS.find((word) => words.includes(word))
  if (system === undefined || processor === undefined)
    throw new Error(
      `${name}@${version} is optional and not in the lock file, and its name does not say its platform`,
    )
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc'
  return {
    version,
    cpu: [processor],
    ...(isDevelopment ? { dev: true } : {}),
    ...(system === 'linux' ? { libc: [libc] } : {}),
    optional: true,
    os: [system],
  }
}

/** Returns the lock file with the missing optional packages added, and their names. */
export function completeLockfile(lockfile) {
  const packages = { ...lockfile.packages }
  const added = []
  for (const [location, entry] of Object.entries(lockfile.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isLocked(packages, location, name)) continue
      packages[`node_modules/${name}`] = platformEntry(name, version, entry.dev === true)
      added.push(`${name}@${version}`)
    }
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1))
  return { lockfile: { ...lockfile, packages: Object.fromEntries(sorted) }, added }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2)
  const path =
    args.find((arg) => !arg.startsWith('-')) ??
    fileURLToPath(new URL('../package-lock.json', import.meta.url))
  const { lockfile, added } = completeLockfile(JSON.parse(readFileSync(path, 'utf8')))
  if (added.length > 0 && args.includes('--check')) {
    process.stderr.write(
      `package-lock.json lacks ${added.length} optional packages: run npm run complete-lock\n`,
    )
    process.exitCode = 1
  } else if (added.length > 0) {
    writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`)
    process.stdout.write(`added ${added.length} optional packages to package-lock.json\n`)
  }
}
