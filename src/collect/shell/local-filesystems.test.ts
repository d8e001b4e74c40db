import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { splitBlocks } from '../formats/blocks.ts'
import { parseLocalFilesystems } from '../formats/local-filesystems.ts'
import { waitForNone } from '../testing/list-processes.ts'
import { runSections, sectionOf } from '../testing/run-probe.ts'
import { stubTools } from '../testing/stub-tools.ts'
import { LOCAL_FILESYSTEMS_SH } from './local-filesystems.ts'

const MARK = `8${String(process.pid).padStart(8, '0')}`

/** Like GNU df: nothing is printed before every mount point has been asked. */
const DF = `echo "$*" >>"$CALLS"
rows=
for word in "$@"; do
  case $word in
    /hung*) sleep ${MARK} ;;
    /*) rows="$rows/dev/x 1000 100 900 10% $word
" ;;
  esac
done
printf 'Filesystem 1024-blocks Used Available Capacity Mounted on\\n%s' "$rows"`

/** What is read, and what is said, where these are mounted. */
async function readMounts(mounts: readonly string[], stubs: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'smart-ops-df-'))
  try {
    const path = join(folder, 'mounts')
    writeFileSync(path, mounts.map((line) => `${line} rw 0 0\n`).join(''))
    using tools = stubTools({ df: DF.replace('"$CALLS"', join(folder, 'calls')), ...stubs })
    const body = LOCAL_FILESYSTEMS_SH.replaceAll('/proc/self/mounts', path)
    assert.notEqual(body, LOCAL_FILESYSTEMS_SH)
    const { sections } = await runSections([sectionOf('df', `${body}exit 0`)], { path: tools.path })
    const found = sections.get('test.df')
    assert.ok(found)
    return {
      mounts: parseLocalFilesystems(
        splitBlocks(found.stdout.replaceAll('/dev/x', () => `/dev/${Math.random()}`)),
      ).map(({ mount }) => mount),
      stderr: found.stderr.trim(),
      exitCode: found.exitCode,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('local filesystems', { concurrency: 4 }, () => {
  test('what is on a network or no disk is never asked', async () => {
    const read = await readMounts([
      'a / ext4',
      'b:/c /hung-nfs nfs4',
      'tmpfs /hung-tmp tmpfs',
      'd /my\\040data xfs',
    ])
    assert.deepEqual(read, { mounts: ['/', '/my data'], stderr: '', exitCode: 0 })
  })

  test('one that hangs is named and costs only itself', async () => {
    const read = await readMounts(['a / ext4', 'b /hung ext4', 'c /data xfs'])
    assert.deepEqual(read, { mounts: ['/', '/data'], stderr: 'df: /hung does not answer', exitCode: 0 })
    assert.deepEqual(await waitForNone(MARK), [])
  })

  test('many that hang do not cost the section', async () => {
    const read = await readMounts([
      'a / ext4',
      'b /hung1 ext4',
      'c /hung2 ext4',
      'd /hung3 ext4',
      'e /data xfs',
    ])
    assert.deepEqual(read.mounts, ['/', '/data'])
    assert.deepEqual(
      read.stderr.split('\n'),
      [1, 2, 3].map((number) => `df: /hung${number} does not answer`),
    )
    assert.equal(read.exitCode, 0)
  })

  test('with a timeout that knows no -k (coreutils before 8.5) df is asked all the same', async () => {
    const timeout =
      'case $1 in --version) exit 0 ;; -k) echo "invalid option" >&2; exit 125 ;; esac; shift; exec "$@"'
    assert.deepEqual((await readMounts(['a / ext4'], { timeout })).mounts, ['/'])
  })
})
