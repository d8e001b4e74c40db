import { z } from 'zod'
import { decodeRecording } from '../../collect/recordings/decode-recording.ts'
import {
  RECORDING_KINDS,
  type RecordingKind,
  readRecordingOf,
  sniffRecording,
} from '../../collect/recordings/recording-kinds.ts'
import { AppError } from '../../domain/errors.ts'
import { text } from '../../domain/text.ts'
import { defineOperation } from '../../services/service-definition.ts'
import { plainFacts } from './plain-facts.ts'
import { contentFields, contentOf, LARGEST_INPUT_BYTES } from './recorded-content.ts'

/** By its content. */
const AUTO = 'auto'

interface Found {
  readonly kind: RecordingKind
  readonly facts: object
}

function find(kind: RecordingKind | typeof AUTO, recorded: string): Found {
  const sniffed = (): Found | null => sniffRecording(recorded)
  const facts = kind === AUTO ? null : readRecordingOf(kind, recorded)
  const found = kind === AUTO ? sniffed() : facts === null ? null : { kind, facts }
  if (found !== null) return found
  throw unreadable(kind, kind === AUTO ? null : (sniffed()?.kind ?? null), recorded)
}

function unreadable(kind: string, other: RecordingKind | null, recorded: string): AppError {
  const details = { field: 'content_base64', kind, ...(other === null ? {} : { found: other }) }
  if (recorded.trim() === '')
    return new AppError('INPUT_INVALID', text('内容为空', 'the content is empty'), { details })
  const [zh, en] =
    kind === AUTO
      ? [
          `内容不是任何已知种类的输出;允许:${RECORDING_KINDS.join('、')}`,
          `the content is the output of no known kind; allowed: ${RECORDING_KINDS.join(', ')}`,
        ]
      : [
          `内容不能作为 ${kind} 的输出解析${other === null ? '' : `;看起来是 ${other} 的输出`}`,
          `the content cannot be parsed as output of ${kind}${other === null ? '' : `; it looks like output of ${other}`}`,
        ]
  return new AppError('INPUT_INVALID', text(zh, en), { details })
}

/** Runs one parser on recorded text. */
export const parseRecording = defineOperation({
  name: 'recordings_parse',
  serviceId: null,
  title: text('解析录制的输出', 'Parse recorded output'),
  description: text(
    '解析工具的一份输出(dmidecode、smartctl、df、RAID 工具等),以本产品的字段名给出事实;kind=auto 按内容识别。不连接服务器,不存储。',
    'Parses one recorded output of a tool (dmidecode, smartctl, df, RAID tools …) and gives the facts by our names; kind=auto goes by the content. Looks at no server and stores nothing.',
  ),
  keywords: ['解析', '离线', 'parse', 'dmidecode', 'smartctl', 'offline'],
  input: z.strictObject({
    kind: z.enum([AUTO, ...RECORDING_KINDS]).describe('种类;auto 按内容识别 / kind; auto: by the content'),
    ...contentFields,
  }),
  output: z.strictObject({
    kind: z.enum(RECORDING_KINDS),
    facts: z
      .record(z.string(), z.unknown())
      .describe('null 为未给出,不是 0 / null: not printed, which is not 0'),
  }),
  largestInputBytes: LARGEST_INPUT_BYTES,
  effect: 'read',
  idempotent: true,
  command: ['parse'],
  commandLine: { arguments: ['kind', 'content_base64'] },
  async run(_context, input) {
    const { kind, facts } = find(input.kind, decodeRecording(contentOf(input)))
    return { kind, facts: plainFacts(facts) }
  },
  message: ({ kind }) => text(`已解析:${kind}`, `parsed: ${kind}`),
  toMarkdown: ({ facts }) => `\`\`\`json\n${JSON.stringify(facts, null, 2)}\n\`\`\``,
  toPlainText: ({ facts }) => JSON.stringify(facts, null, 2),
})
