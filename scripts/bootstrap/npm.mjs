import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { Refusal } from './refusal.mjs'

const LAST_LINES = 15
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** What npm's words mean and what to do; the first pattern found counts. */
const CAUSES = [
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT/,
    zh: '无法连接 npm 仓库。请检查网络、代理(npm config get proxy)与仓库地址(npm config get registry),然后重试。',
    en: 'The npm registry cannot be reached. Check the network, the proxy (npm config get proxy) and the registry (npm config get registry), then try again.',
  },
  {
    pattern: /ENOSPC/,
    zh: '磁盘空间不足:依赖约需 600 MB。请清理后重试。',
    en: 'The disk is full: the packages need about 600 MB. Free some space and try again.',
  },
  {
    pattern: /EACCES|EPERM|EROFS/,
    zh: '没有写入权限。请用拥有该目录的用户运行,不要混用 root。',
    en: 'No permission to write here. Run as the user who owns this directory and do not mix in root.',
  },
  {
    pattern: /in sync|EUSAGE/,
    zh: 'package.json 与 package-lock.json 不一致。请恢复这两个文件(git checkout),或在改动依赖后运行 npm install 与 npm run complete-lock。',
    en: 'package.json and package-lock.json disagree. Restore both (git checkout), or after changing a dependency run npm install and npm run complete-lock.',
  },
  {
    pattern: /E40[134]|ETARGET/,
    zh: 'npm 仓库拒绝或没有其中某个包。请检查仓库地址(npm config get registry)及其权限。',
    en: 'The npm registry refused or lacks one of the packages. Check the registry (npm config get registry) and your rights on it.',
  },
]

/** Returns the command that runs npm: the npm that runs us, else the one on the PATH. */
function npmCommand() {
  const running = process.env.npm_execpath
  if (running !== undefined && basename(running) === 'npm-cli.js') return [process.execPath, running]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}

/**
 * Runs a program quietly, in a process group of its own; returns its exit status, what it printed and whether
 * a signal to us, passed on to the group, ended it. `onStart` gets the group's id.
 */
async function runQuietly(command, { onStart = () => undefined, ...options } = {}) {
  const onWindows = process.platform === 'win32'
  const stdio = ['ignore', 'pipe', 'pipe']
  const child = spawn(command[0], command.slice(1), {
    ...options,
    shell: onWindows,
    detached: !onWindows,
    stdio,
  })
  let output = ''
  let interrupted = false
  const forward = (signal) => {
    interrupted = true
    return onWindows ? child.kill(signal) : process.kill(-child.pid, signal)
  }
  if (child.pid !== undefined) onStart(child.pid)
  for (const signal of SIGNALS) process.on(signal, forward)
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve({ code, interrupted, output }))
    })
  } finally {
    for (const signal of SIGNALS) process.off(signal, forward)
  }
}

/**
 * Runs npm in `root`; `onStart` gets its process group. Throws Refusal, with npm's words and what to do, when it is
 * missing or fails.
 */
export async function runNpm(root, args, onStart) {
  const command = [...npmCommand(), ...args, '--no-audit', '--no-fund', '--no-update-notifier']
  let end
  try {
    end = await runQuietly(command, { cwd: root, onStart })
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
    throw new Refusal(
      '找不到 npm。请安装随 Node.js 附带的 npm(Debian/Ubuntu:apt install npm),然后重试。',
      'npm was not found. Install the npm that comes with Node.js (Debian/Ubuntu: apt install npm) and try again.',
    )
  }
  if (end.code === 0) return
  const lines = end.output
    .split('\n')
    .filter((line) => line.startsWith('npm error') || line.startsWith('npm ERR!'))
  const shown = (lines.length > 0 ? lines : end.output.split('\n')).slice(0, LAST_LINES).join('\n')
  if (end.interrupted)
    throw new Refusal(
      '安装被中断;再次运行会重新安装。',
      'The install was interrupted; running again starts it over.',
    )
  const cause = CAUSES.find(({ pattern }) => pattern.test(end.output))
  throw new Refusal(
    cause?.zh ?? `npm ${args[0]} 失败(退出码 ${end.code}),原因见上。`,
    cause?.en ?? `npm ${args[0]} failed with exit status ${end.code}; the reason stands above.`,
    shown,
  )
}

/** Returns the version a Node binary says it has, such as `24.21.0`; empty when it does not run. */
export async function nodeVersionOf(binary) {
  try {
    const { code, output } = await runQuietly([binary, '-p', 'process.versions.node'])
    return code === 0 ? output.trim() : ''
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EACCES') return ''
    throw error
  }
}
