import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { takeInstallLock } from './install-lock.mjs'
import { nodeVersionOf, runNpm } from './npm.mjs'
import { Refusal } from './refusal.mjs'

const STAMP = 'node_modules/.smart-ops-stamp'
/** npm writes this last, so that it stands for a finished `npm ci`. */
const NPM_RECORD = 'node_modules/.package-lock.json'
const NEEDED_NODE_MAJOR = 24

/** Returns the project's own Node: the binary of the package `node`, not a link or a script around it. */
export function projectNode(root) {
  return join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

const say = (zh, en) => process.stderr.write(`smart-ops: ${zh} / ${en}\n`)

const readIfThere = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : null)

function lockfileHash(root) {
  const text = readIfThere(join(root, 'package-lock.json'))
  if (text === null)
    throw new Refusal(
      '缺少 package-lock.json:请重新克隆仓库。',
      'package-lock.json is missing: clone the repository again.',
    )
  return createHash('sha256').update(`${text}\n${process.platform}-${process.arch}`).digest('hex')
}

/** Returns what node_modules holds for this very lock file: `full`, `production` or null. */
function installedMode(root, hash) {
  const [stampedHash, mode] = (readIfThere(join(root, STAMP)) ?? '').trim().split(' ')
  const node = statSync(projectNode(root), { throwIfNoEntry: false })
  if (stampedHash !== hash || node === undefined || node.size < 1_000_000) return null
  return mode === 'full' || mode === 'production' ? mode : null
}

function writeStamp(root, hash, mode) {
  const draft = join(root, `${STAMP}.${process.pid}`)
  writeFileSync(draft, `${hash} ${mode}\n`)
  renameSync(draft, join(root, STAMP))
}

/** Returns the mode of an install that somebody made with `npm ci` by hand for this very lock file, or null. */
function handMadeMode(root) {
  const record = readIfThere(join(root, NPM_RECORD))
  if (record === null || !existsSync(projectNode(root))) return null
  const installed = JSON.parse(record).packages
  const locked = Object.entries(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages)
  const needed = locked.filter(([location, entry]) => location !== '' && !entry.optional && !entry.peer)
  const has = ([location, entry]) => installed[location]?.version === entry.version
  if (!needed.filter(([, entry]) => !entry.dev).every(has)) return null
  return needed.every(has) ? 'full' : 'production'
}

async function install({ root, hash, mode, present, recordNpm }) {
  const omit = mode === 'production' ? ['--omit=dev'] : ['--include=dev']
  // Adding to a production install leaves its files in place: the product may be running from them.
  const how = present === 'production' ? ['install', '--no-save', ...omit] : ['ci', ...omit]
  say(`正在安装依赖(npm ${how.join(' ')})…`, `installing packages (npm ${how.join(' ')}) …`)
  const startedAt = performance.now()
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  rmSync(join(root, STAMP), { force: true })
  rmSync(join(root, NPM_RECORD), { force: true })
  await runNpm(root, how, recordNpm)
  // Where `ignore-scripts` is set, the package `node` has not fetched its binary. It is the one script needed.
  if (!existsSync(projectNode(root)))
    await runNpm(root, ['rebuild', 'node', '--ignore-scripts=false'], recordNpm)
  const version = await nodeVersionOf(projectNode(root))
  if (Number(version.split('.')[0]) !== NEEDED_NODE_MAJOR)
    throw new Refusal(
      `安装后没有得到 Node ${NEEDED_NODE_MAJOR}(得到 ${version || '无'})。请删除 node_modules 后重试。`,
      `Node ${NEEDED_NODE_MAJOR} did not come with the packages (found ${version || 'none'}). Remove node_modules and try again.`,
    )
  writeStamp(root, hash, mode)
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  say(`依赖就绪,用时 ${seconds} 秒,Node ${version}。`, `packages ready in ${seconds} s, Node ${version}.`)
}

/**
 * Makes node_modules agree with package-lock.json (`production` leaves out what only development needs). Does and
 * prints nothing when it does already. The stamp that says so is written last, so that an install killed half-way
 * is made again. Two of these at the same time wait for each other. Throws Refusal.
 */
export async function ensureInstalled(root, mode) {
  const hash = lockfileHash(root)
  const suffices = (present) => present === 'full' || present === mode
  if (suffices(installedMode(root, hash))) return
  const lock = await takeInstallLock(join(root, '.smart-ops-install.lock'), (pid) =>
    say(
      `另一个安装正在进行(pid ${pid ?? '?'}),等待其完成…`,
      `another install is under way (pid ${pid ?? '?'}), waiting …`,
    ),
  )
  try {
    let present = installedMode(root, hash)
    if (present === null) {
      present = handMadeMode(root)
      if (present !== null) writeStamp(root, hash, present)
    }
    if (!suffices(present)) await install({ root, hash, mode, present, recordNpm: lock.recordNpm })
  } finally {
    lock.release()
  }
}
