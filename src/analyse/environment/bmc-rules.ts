import type { BmcStateSensor } from '../../domain/facts/sensors.ts'
import type { Severity } from '../../domain/finding.ts'
import { type Text, text } from '../../domain/text.ts'
import type { FindingDraft } from '../finding/make-finding.ts'

/** Entity 10 of IPMI is a power supply; short listings have the name alone. */
const isPowerSupply = ({ entity, label }: BmcStateSensor): boolean =>
  entity?.startsWith('10.') ?? /^(?:PS|PSU|PWS|Power Supply)[ _-]?\d/i.test(label)

const isBattery = ({ entity, label }: BmcStateSensor): boolean =>
  (entity?.startsWith('40.') ?? false) || /batt|VBAT/i.test(label)

interface StateRule {
  /** A state as ipmitool names it (IPMI 2.0, tables 42-2 and 42-3; ipmi_sel.c). */
  readonly state: RegExp
  readonly about: (sensor: BmcStateSensor) => boolean
  readonly rule: string
  readonly severity: Severity
  readonly meaning: Text
  readonly nextStep: Text
}

const anything = (): boolean => true

const REPLACE_SUPPLY = text('更换该电源模块。', 'Replace this power supply.')
const SEE_DRIVE = text('更换该盘位的硬盘。', 'Replace the drive in this bay.')
const SEE_LOG = text(
  '查看 BMC 事件日志并按厂商指引处理。',
  'See the event log of the BMC and follow the maker’s guide.',
)

/** The first rule that fits a state counts. */
const STATE_RULES: readonly StateRule[] = [
  {
    state: /AC lost|AC out-of-range/i,
    about: isPowerSupply,
    rule: 'sensor.power_supply_no_input',
    severity: 'urgent',
    meaning: text('没有输入电源', 'has no input power'),
    nextStep: text('检查电源线、PDU 与上级空开。', 'Check its cable, the PDU and the breaker behind it.'),
  },
  {
    state: /^Failure detected$/i,
    about: isPowerSupply,
    rule: 'sensor.power_supply_failed',
    severity: 'urgent',
    meaning: text('电源故障', 'has failed'),
    nextStep: REPLACE_SUPPLY,
  },
  {
    state: /^Predictive failure$/i,
    about: isPowerSupply,
    rule: 'sensor.power_supply_failing',
    severity: 'warning',
    meaning: text('预告将要失效', 'predicts its own failure'),
    nextStep: REPLACE_SUPPLY,
  },
  {
    state: /^Config(?:uration)? Error$/i,
    about: isPowerSupply,
    rule: 'sensor.power_supply_mismatch',
    severity: 'warning',
    meaning: text('与另一电源型号不符', 'does not match the other supply'),
    nextStep: text('换成同型号的电源。', 'Use supplies of one model.'),
  },
  {
    state: /Insufficient Resources/i,
    about: anything,
    rule: 'sensor.redundancy_lost',
    severity: 'urgent',
    meaning: text('冗余丧失且余量不足', 'has lost its redundancy and lacks capacity'),
    nextStep: SEE_LOG,
  },
  {
    state: /^(?:Redundancy (?:Lost|Degraded)|Non-Redundant)/i,
    about: anything,
    rule: 'sensor.redundancy_lost',
    severity: 'warning',
    meaning: text('冗余丧失', 'has lost its redundancy'),
    nextStep: text(
      '检查同组的电源或风扇是否缺失或故障。',
      'See which supply or fan of its group is missing or broken.',
    ),
  },
  {
    state: /^(?:Drive Fault|In (?:Failed|Critical) Array)$/i,
    about: anything,
    rule: 'sensor.drive_fault',
    severity: 'urgent',
    meaning: text('硬盘故障', 'reports a drive fault'),
    nextStep: SEE_DRIVE,
  },
  {
    state: /^Predictive failure$/i,
    about: ({ label, entity }) => /drive|disk|hdd|bay/i.test(label) || (entity?.startsWith('26.') ?? false),
    rule: 'sensor.drive_failing',
    severity: 'warning',
    meaning: text('硬盘预告失效', 'reports a drive that predicts its failure'),
    nextStep: SEE_DRIVE,
  },
  {
    state: /^(?:Low|Failed)$/i,
    about: isBattery,
    rule: 'sensor.battery_low',
    severity: 'warning',
    meaning: text('电池电量低或失效', 'is low or has failed'),
    nextStep: text('停机时更换该电池。', 'Replace this battery at the next shutdown.'),
  },
  {
    state:
      /^(?:IERR|Thermal Trip|Uncorrectable (?:ECC|machine check exception)|Bus (?:Uncorrectable|Fatal) error)$/i,
    about: anything,
    rule: 'sensor.hardware_fault',
    severity: 'critical',
    meaning: text('报告硬件故障', 'reports a hardware fault'),
    nextStep: SEE_LOG,
  },
  {
    state: /^(?:Correctable ECC logging limit reached|Memory Device Disabled)$/i,
    about: anything,
    rule: 'sensor.memory_fault',
    severity: 'warning',
    meaning: text('报告内存错误过多或内存条被停用', 'reports too many memory errors or a disabled module'),
    nextStep: text('按槽位更换内存条。', 'Replace the module in that slot.'),
  },
  {
    state: /^Transition to (?:Critical|Non-recoverable)/i,
    about: anything,
    rule: 'sensor.hardware_fault',
    severity: 'urgent',
    meaning: text('进入临界状态', 'has become critical'),
    nextStep: SEE_LOG,
  },
]

const placeOf = ({ label }: BmcStateSensor) =>
  ({ kind: 'sensor', component: label, evidenceIds: ['sensors.ipmi'] }) as const

function judgeStates(sensor: BmcStateSensor): readonly FindingDraft[] {
  const drafts = sensor.states.flatMap((state): readonly FindingDraft[] => {
    const found = STATE_RULES.find((rule) => rule.state.test(state) && rule.about(sensor))
    if (found === undefined) return []
    const { rule, severity, meaning, nextStep } = found
    return [
      {
        ...placeOf(sensor),
        rule,
        severity,
        title: text(
          `${sensor.label} ${meaning.zh}(BMC:${state})`,
          `${sensor.label} ${meaning.en} (BMC: ${state})`,
        ),
        nextStep,
      },
    ]
  })
  return [...new Map(drafts.map((draft) => [draft.rule, draft])).values()]
}

const withoutNumbers = (label: string): string => label.replaceAll(/\d{1,3}/g, '#')

/** Returns supplies that assert nothing while others of the same name are present: a bay that is empty, or a supply that is dead. */
function absentSupplies(sensors: readonly BmcStateSensor[]): readonly FindingDraft[] {
  const present = new Set(
    sensors
      .filter(
        (sensor) =>
          isPowerSupply(sensor) && sensor.states.some((state) => /^Presence detected$/i.test(state)),
      )
      .map(({ label }) => withoutNumbers(label)),
  )
  return sensors
    .filter(({ states, label }) => states.length === 0 && present.has(withoutNumbers(label)))
    .map((sensor) => ({
      ...placeOf(sensor),
      rule: 'sensor.power_supply_absent',
      severity: 'info',
      title: text(`${sensor.label} 未检测到电源模块`, `${sensor.label}: no power supply is detected`),
      cause: text(
        '空位,或电源已完全失效:没有电源冗余。',
        'An empty bay, or a dead supply: power is not redundant.',
      ),
      nextStep: text('确认该位是否应有电源。', 'See whether there should be one.'),
    }))
}

/** Returns what is wrong with the sensors of a BMC that have states instead of numbers. */
export const judgeBmcStates = (sensors: readonly BmcStateSensor[]): readonly FindingDraft[] => [
  ...sensors.flatMap(judgeStates),
  ...absentSupplies(sensors),
]
