import type { ProbeName } from '../../domain/inspection.ts'
import { PROBE_NAMES } from '../../domain/inspection.ts'
import { type Text, text } from '../../domain/text.ts'
import { decodeRecording } from '../recordings/decode-recording.ts'
import { findBusyNote } from '../section-markers.ts'
import { splitSections } from '../split-sections.ts'
import { RECORDING_VERSION } from './recorder-script.ts'

/** What one run of a carried probe script printed. */
export interface CarriedRecording {
  readonly bytes: Buffer
  readonly nonce: string
  /** As the server names itself; null when it does not. */
  readonly hostname: string | null
  /** By the server's own clock; null where it did not tell. */
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  /** Of which the recording holds a section. */
  readonly probes: readonly ProbeName[]
}

/** A recording, or why there is none. */
export type ReadRecording = { readonly recording: CarriedRecording } | { readonly problem: Text }

const START = /(?:^|\n)@@smart-ops ([0-9a-f]{32}) out start (\d{1,4}) (\d{0,12}) ([^\r\n]{0,255})\r?(?=\n)/g
const BEGIN = /(?:^|\n)@@smart-ops [0-9a-f]{32} (?:out|err) (?:begin|end) /
/** A text of any tool has no NUL so early; archives and pictures have. */
const LOOKED_AT_FOR_BINARY = 8_192

const problem = (zh: string, en: string): ReadRecording => ({ problem: text(zh, en) })

/** PowerShell's `>` writes UTF-16; everything else is kept byte for byte. */
const asBytes = (content: Buffer): Buffer =>
  (content[0] === 0xff && content[1] === 0xfe) || (content[0] === 0xfe && content[1] === 0xff)
    ? Buffer.from(decodeRecording(content), 'utf8')
    : content

const timeOf = (seconds: string | undefined): Date | null =>
  seconds === undefined || seconds === '' ? null : new Date(Number(seconds) * 1_000)

function whyNoStart(latin1: string): ReadRecording {
  if (/^(?:\uFEFF|\xef\xbb\xbf)?#!\/bin\/sh\r?\n/.test(latin1) && latin1.includes('smart_ops_main'))
    return problem(
      '这是探针脚本本身:在服务器上执行 `sh probe.sh > output.txt 2>&1`,再提供 output.txt',
      'this is the probe script itself: run `sh probe.sh > output.txt 2>&1` on the server and give output.txt',
    )
  if (latin1.slice(0, LOOKED_AT_FOR_BINARY).includes('\0') || latin1.startsWith('\x1f\x8b'))
    return problem(
      '内容是二进制(压缩包、图片等),不是文本;允许:探针脚本输出的文本,未压缩',
      'the content is binary (an archive, a picture), not text; allowed: what a probe script printed, not compressed',
    )
  if (BEGIN.test(latin1))
    return problem(
      '录制的开头缺失;请完整复制探针脚本的输出',
      'the begin of the recording is missing; copy the whole output of the probe script',
    )
  return problem(
    '不是探针脚本的输出;用 `smart-ops probes show --script` 生成脚本,在服务器上执行后提供其输出',
    'not the output of a probe script; make one with `smart-ops probes show --script`, run it on the server and give what it prints',
  )
}

/**
 * Returns the recording that a content holds, or what is wrong with it in a sentence: empty, binary, the output of
 * something else, without its begin or end, lines lost on the way, or more than one recording. Linear in its size.
 */
export function readRecording(content: Buffer): ReadRecording {
  const bytes = asBytes(content)
  const latin1 = bytes.toString('latin1')
  if (latin1.trim() === '') return problem('内容为空', 'the content is empty')
  const starts = [...latin1.matchAll(START)]
  const [start] = starts
  if (start === undefined) return whyNoStart(latin1)
  if (starts.length > 1)
    return problem(
      `内容含 ${starts.length} 份录制;请一次提供一份`,
      `the content holds ${starts.length} recordings; give them one at a time`,
    )
  const [, nonce = '', version, startSeconds, name = ''] = start
  if (Number(version) !== RECORDING_VERSION)
    return problem(
      `录制格式为 ${version},允许:${RECORDING_VERSION};请用本版本的 smart-ops 重新生成脚本`,
      `the recording has format ${version}, allowed: ${RECORDING_VERSION}; make the script anew with this version of smart-ops`,
    )
  return readStarted(bytes, { nonce, hostname: name.trim() || null, startedAt: timeOf(startSeconds) })
}

type Started = Pick<CarriedRecording, 'nonce' | 'hostname' | 'startedAt'>

function readStarted(bytes: Buffer, started: Started): ReadRecording {
  const { nonce } = started
  const sections = splitSections(bytes, bytes, nonce)
  const ended = [...sections.values()].filter(({ exitCode }) => exitCode !== null).length
  const complete = new RegExp(
    `\\n@@smart-ops ${nonce} out complete (\\d{1,6}) (\\d{0,12})\\r?(?=\\n|$)`,
  ).exec(bytes.toString('latin1'))
  if (complete === null)
    return problem(
      `录制不完整:缺少最后一行(已完成 ${ended} 节);请等脚本执行完,再完整复制其输出`,
      `the recording is cut short: its last line is missing (${ended} sections are there); let the script come to its end and copy all of its output`,
    )
  const [, expected, endSeconds] = complete
  if (sections.size === 0 && findBusyNote(bytes, nonce) !== null)
    return problem(
      '录制时该服务器正被另一次巡检占用,脚本什么也没有读;请稍后重新执行脚本',
      'another look was running on the server, so the script read nothing; run the script again later',
    )
  if (ended !== Number(expected))
    return problem(
      `录制已损坏:应有 ${expected} 节,完整的只有 ${ended} 节;请重新完整复制`,
      `the recording is damaged: it should hold ${expected} sections, ${ended} are whole; copy it again`,
    )
  const probes = PROBE_NAMES.filter((probe) => [...sections.keys()].some((id) => id.startsWith(`${probe}.`)))
  if (probes.length === 0)
    return problem(
      `录制中没有本版本认识的探针;允许:${PROBE_NAMES.join('、')}`,
      `the recording holds no probe that this version knows; allowed: ${PROBE_NAMES.join(', ')}`,
    )
  return { recording: { ...started, bytes, finishedAt: timeOf(endSeconds), probes } }
}
