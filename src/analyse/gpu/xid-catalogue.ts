import type { Severity } from '../../domain/finding.ts'
import { type Text, text } from '../../domain/text.ts'

/** What an Xid code means. */
export interface XidMeaning {
  readonly severity: Severity
  readonly meaning: Text
  readonly nextStep: Text
}

const REPLACE = text(
  '停用该卡并重启服务器;再次出现则送修更换。',
  'Take the card out of use and restart the server; if it comes back, have the card replaced.',
)
const RESET = text(
  '排空该卡的任务后复位(`nvidia-smi -r`)或重启服务器。',
  'Drain the card and reset it (`nvidia-smi -r`), or restart the server.',
)
const PROGRAM = text(
  '先查使用该卡的程序;多个程序都出现才怀疑硬件。',
  'Look at the program that used the card first; suspect hardware only when several programs see it.',
)
const LINK = text('检查 NVLink 桥与插槽,重新插拔后观察。', 'Check NVLink bridge and slot, reseat and watch.')
const DRIVER = text('升级驱动与固件;重启后观察。', 'Update driver and firmware; restart and watch.')

/** Meanings by code. Source: NVIDIA, "XID Errors", release 575, table of common errors. */
const MEANINGS: ReadonlyMap<number, XidMeaning> = new Map([
  [13, { severity: 'info', meaning: text('图形引擎异常', 'graphics engine exception'), nextStep: PROGRAM }],
  [31, { severity: 'info', meaning: text('显存页错误', 'memory page fault'), nextStep: PROGRAM }],
  [
    43,
    {
      severity: 'info',
      meaning: text('程序的通道停止处理', 'a program’s channel stopped'),
      nextStep: PROGRAM,
    },
  ],
  [45, { severity: 'info', meaning: text('驱动清理了通道', 'channels were cleaned up'), nextStep: PROGRAM }],
  [
    48,
    {
      severity: 'urgent',
      meaning: text('不可纠正的双比特 ECC 错误', 'uncorrectable double-bit ECC error'),
      nextStep: RESET,
    },
  ],
  [
    61,
    {
      severity: 'warning',
      meaning: text('内部微控制器停在断点', 'internal micro-controller breakpoint'),
      nextStep: RESET,
    },
  ],
  [
    62,
    {
      severity: 'urgent',
      meaning: text('内部微控制器停止', 'internal micro-controller halt'),
      nextStep: RESET,
    },
  ],
  [
    63,
    {
      severity: 'warning',
      meaning: text(
        '显存行重映射或页隔离已登记',
        'a memory row was marked for remapping, or a page for retirement',
      ),
      nextStep: RESET,
    },
  ],
  [
    64,
    {
      severity: 'critical',
      meaning: text('显存行重映射或页隔离失败', 'remapping a memory row or retiring a page failed'),
      nextStep: REPLACE,
    },
  ],
  [74, { severity: 'urgent', meaning: text('NVLink 错误', 'NVLink error'), nextStep: LINK }],
  [
    79,
    {
      severity: 'critical',
      meaning: text('GPU 从总线上消失', 'the GPU has fallen off the bus'),
      nextStep: REPLACE,
    },
  ],
  [
    92,
    {
      severity: 'warning',
      meaning: text('单比特 ECC 错误率高', 'high rate of single-bit ECC errors'),
      nextStep: RESET,
    },
  ],
  [
    94,
    {
      severity: 'urgent',
      meaning: text(
        '不可纠正的 ECC 错误,影响已被限制在一个程序内',
        'uncorrectable ECC error, contained to one program',
      ),
      nextStep: RESET,
    },
  ],
  [
    95,
    {
      severity: 'critical',
      meaning: text('不可纠正的 ECC 错误,影响未被限制', 'uncorrectable ECC error that was not contained'),
      nextStep: REPLACE,
    },
  ],
  [
    109,
    { severity: 'warning', meaning: text('上下文切换超时', 'context switch timed out'), nextStep: DRIVER },
  ],
  [
    119,
    {
      severity: 'urgent',
      meaning: text('GSP 固件不应答', 'the GSP firmware does not answer'),
      nextStep: DRIVER,
    },
  ],
  [120, { severity: 'urgent', meaning: text('GSP 固件出错', 'GSP firmware error'), nextStep: DRIVER }],
  [121, { severity: 'warning', meaning: text('C2C 链路错误', 'C2C link error'), nextStep: LINK }],
  [140, { severity: 'urgent', meaning: text('未恢复的 ECC 错误', 'unrecovered ECC error'), nextStep: RESET }],
  [
    143,
    {
      severity: 'urgent',
      meaning: text('GPU 初始化失败', 'the GPU failed to initialise'),
      nextStep: REPLACE,
    },
  ],
  [145, { severity: 'urgent', meaning: text('NVLink RLW 错误', 'NVLink RLW error'), nextStep: LINK }],
  [149, { severity: 'urgent', meaning: text('NVLink NETIR 错误', 'NVLink NETIR error'), nextStep: LINK }],
])

/** Returns what a code means; codes that are not in the list are named as they are. */
export const xidMeaning = (code: number): XidMeaning =>
  MEANINGS.get(code) ?? {
    severity: 'warning',
    meaning: text('驱动报告的错误', 'an error that the driver reports'),
    nextStep: text(
      `在 NVIDIA 的 Xid 说明中查代码 ${code}。`,
      `Look code ${code} up in NVIDIA’s list of Xid errors.`,
    ),
  }
