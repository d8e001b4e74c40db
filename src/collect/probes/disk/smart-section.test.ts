import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findTool } from '../../testing/find-tool.ts'
import { waitForNone } from '../../testing/list-processes.ts'
import { runSections, sectionOf } from '../../testing/run-probe.ts'
import { shellAsSh, stubTools } from '../../testing/stub-tools.ts'
import { parseSmart } from './parse-smart.ts'
import { SMART_SECTION } from './smart-section.ts'

const SCAN = `/dev/sda -d sat # /dev/sda [SAT], ATA device
/dev/sdb -d scsi # /dev/sdb, SCSI device
/dev/bus/0 -d megaraid,4 # /dev/bus/0 [megaraid_disk_04], SCSI device
# /dev/sdz -d usbjmicron # cannot open
/dev/evil$(touch) -d sat
/dev/sdc -d $(id)`

const ANSWER = `{"device":{"protocol":"ATA"},"model_name":"EXAMPLE","smart_status":{"passed":true},"asked":"'"$*"'"}`

/** A smartctl that answers, hangs on /dev/sdb, and says what it was asked. */
const stub = (version: string, mark: string): string => `case "$1" in
  --version) echo '${version}'; exit 0 ;;
  --scan) cat <<'SCAN'
${SCAN}
SCAN
  exit 0 ;;
esac
case "$*" in *'/dev/sdb'*) sleep ${mark} ;; esac
printf '%s\\n' '${ANSWER}'`

/** The section with a limit of one second a drive. */
function quickSection() {
  const body = SMART_SECTION.body.replace(/timeout -k 1 \d+/, 'timeout -k 1 1')
  assert.notEqual(body, SMART_SECTION.body)
  return sectionOf('smart', body, 30)
}

const SHELLS = ['dash', 'bash'] as const

describe('the SMART section', () => {
  for (const shell of SHELLS) {
    const path = findTool(shell)
    it(`asks every drive, lets a hanging one cost itself only, and runs nothing that the scan names (${shell})`, {
      skip: path === null ? `${shell} is not installed` : false,
    }, async () => {
      const mark = `8${String(process.pid).padStart(8, '0')}.${shell.length}`
      using tools = stubTools({ smartctl: stub('smartctl 7.3 2022-02-28 r5338', mark) })
      using sh = shellAsSh(path ?? '')
      const { sections } = await runSections([quickSection()], {
        shell: [path ?? '', '-s'],
        path: `${sh.folder}:${tools.path}`,
      })
      const stdout = sections.get('test.smart')?.stdout ?? ''
      const parsed = parseSmart({ stdout, stderr: '', exitCode: 0 })
      assert.ok('value' in parsed, stdout)
      assert.deepEqual(
        parsed.value
          .slice(0, 3)
          .map(({ device, healthPassed, details }) => [device, healthPassed, details?.access]),
        [
          ['/dev/sda', true, 'answered'],
          ['/dev/sdb', null, 'timeout'],
          ['/dev/bus/0 [megaraid,4]', true, 'answered'],
        ],
      )
      assert.match(stdout, /"asked":"-j -a -l devstat -n standby -d megaraid,4 \/dev\/bus\/0"/)
      assert.doesNotMatch(stdout, /evil|uid=|sdz/)
      assert.deepEqual(await waitForNone(mark), [])
    })
  }

  it('asks a smartctl before 7.0 for text, never without -n standby', async () => {
    for (const version of ['smartctl 6.6 2016-05-31 r4324', 'smartctl version 5.38 [x86_64]']) {
      using tools = stubTools({ smartctl: stub(version, '0') })
      const { sections } = await runSections([quickSection()], { path: tools.path })
      assert.match(sections.get('test.smart')?.stdout ?? '', /"asked":"-a -n standby -d sat \/dev\/sda"/)
    }
  })

  it('leaves no process behind when the whole section runs out of time', async () => {
    const mark = `9${String(process.pid).padStart(8, '0')}.5`
    using tools = stubTools({ smartctl: stub('smartctl 7.3', mark) })
    const { sections } = await runSections([sectionOf('smart', SMART_SECTION.body, 1)], { path: tools.path })
    assert.notEqual(sections.get('test.smart')?.exitCode, 0)
    assert.deepEqual(await waitForNone(mark), [])
  })
})
