import type { SensorReading } from '../../domain/facts/sensors.ts'
import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { type FindingDraft, makeFinding } from '../finding/make-finding.ts'
import { numberText } from '../finding/quantity-text.ts'
import { judgeBmcStates } from './bmc-rules.ts'
import { judgeSel } from './sel-rules.ts'
import { SENSOR_LIMITS } from './sensor-limits.ts'

const UNITS = { celsius: '°C', rpm: 'rpm', volt: 'V', watt: 'W', percent: '%' } as const

/**
 * Returns what is wrong with a server's own sensors: temperatures above the device's limits, fans that stand still
 * while others of the same chip turn, readings that no sensor gives (named, never alarmed on), what the BMC itself
 * calls critical, its power supplies and redundancy, and the faults in its event log.
 */
export function assessSensors(input: AssessmentInput): readonly Finding[] {
  const { sensors } = input.inspection.facts
  if (sensors === undefined) return []
  const readings = [
    ...named(outcomeValue(sensors.hwmon) ?? [], 'sensors.hwmon'),
    ...named(outcomeValue(sensors.thermalZones) ?? [], 'sensors.thermal_zones'),
    ...named(outcomeValue(sensors.ipmi) ?? [], 'sensors.ipmi'),
  ]
  const drafts = readings.flatMap((one) => [
    ...implausible(one),
    ...temperatureHigh(one),
    ...fanStopped(one, readings),
    ...bmcAlarm(one),
  ])
  const states = sensors.ipmiStates === undefined ? [] : (outcomeValue(sensors.ipmiStates) ?? [])
  const log = sensors.ipmiSel === undefined ? [] : (outcomeValue(sensors.ipmiSel)?.events ?? [])
  return [
    ...[...drafts, ...judgeBmcStates(states)].map((draft) => makeFinding(input, draft)),
    ...judgeSel(input, log),
  ]
}

/** A reading with a name that no other of its source has. */
interface NamedReading {
  readonly name: string
  readonly evidenceId: string
  readonly sensor: SensorReading
}

function named(readings: readonly SensorReading[], evidenceId: string): readonly NamedReading[] {
  const seen = new Map<string, number>()
  return readings.map((sensor) => {
    const plain = `${sensor.chip}/${sensor.label}`
    const count = (seen.get(plain) ?? 0) + 1
    seen.set(plain, count)
    return { name: count === 1 ? plain : `${plain} #${count}`, evidenceId, sensor }
  })
}

const placeOf = ({ name, evidenceId }: NamedReading) =>
  ({ kind: 'sensor', component: name, evidenceIds: [evidenceId] }) as const

function implausible(one: NamedReading): readonly FindingDraft[] {
  const { plausible, reading, unit } = one.sensor
  if (plausible) return []
  const shown = `${numberText(reading)} ${UNITS[unit]}`
  return [
    {
      ...placeOf(one),
      rule: 'sensor.implausible',
      severity: 'info',
      title: text(
        `传感器 ${one.name} 读数 ${shown} 不可信,已忽略`,
        `Sensor ${one.name} reads an implausible ${shown}, which is ignored`,
      ),
      cause: text(
        '未接的输入或驱动换算错误会给出这样的值。',
        'An input without a sensor, or a driver’s wrong scale, reads like this.',
      ),
    },
  ]
}

/** The limit when it is one that a device can have, else null. */
const believable = (limitCelsius: number | null): number | null =>
  limitCelsius !== null &&
  limitCelsius > 0 &&
  limitCelsius <= SENSOR_LIMITS.highestBelievableLimitCelsius.limit
    ? limitCelsius
    : null

function temperatureHigh(one: NamedReading): readonly FindingDraft[] {
  const { kind, plausible, reading } = one.sensor
  if (kind !== 'temperature' || !plausible) return []
  const criticalAbove = believable(one.sensor.criticalAbove)
  const warnAbove = believable(one.sensor.warnAbove)
  const isCritical = criticalAbove !== null && reading > criticalAbove
  const limit = isCritical ? criticalAbove : warnAbove
  if (limit === null || reading <= limit) return []
  return [
    {
      ...placeOf(one),
      rule: 'sensor.temperature_high',
      severity: isCritical ? 'critical' : 'warning',
      title: text(
        `${one.name} 温度 ${numberText(reading)} °C,高于设备自身的${isCritical ? '临界' : '告警'}值 ${numberText(limit)} °C`,
        `${one.name} is at ${numberText(reading)} °C, above the device’s own ${isCritical ? 'critical' : 'warning'} limit of ${numberText(limit)} °C`,
      ),
      nextStep: text(
        '检查风扇、散热器、风道与机房温度。',
        'Check fans, heat sinks, air flow and room temperature.',
      ),
    },
  ]
}

function fanStopped(one: NamedReading, all: readonly NamedReading[]): readonly FindingDraft[] {
  const { kind, plausible, reading, source, chip } = one.sensor
  if (kind !== 'fan' || !plausible || reading !== 0) return []
  const turning = all.filter(
    ({ sensor }) =>
      sensor.kind === 'fan' &&
      sensor.source === source &&
      sensor.chip === chip &&
      sensor.plausible &&
      sensor.reading > 0,
  )
  if (turning.length === 0) return []
  return [
    {
      ...placeOf(one),
      rule: 'sensor.fan_stopped',
      severity: 'warning',
      title: text(
        `风扇 ${one.name} 转速为 0 rpm,同组另有 ${turning.length} 个在转`,
        `Fan ${one.name} stands at 0 rpm while ${turning.length} other${turning.length === 1 ? '' : 's'} of its group turn`,
      ),
      cause: text(
        '风扇停转,或该接口没有接风扇。',
        'The fan has stopped, or nothing is plugged into this header.',
      ),
      nextStep: text(
        '确认该位置是否有风扇;有则更换。',
        'See whether there is a fan at this place; if so, replace it.',
      ),
    },
  ]
}

const ALARMS = {
  non_critical: { severity: 'warning', words: text('告警', 'a warning') },
  critical: { severity: 'urgent', words: text('临界', 'critical') },
  non_recoverable: { severity: 'critical', words: text('不可恢复', 'non-recoverable') },
} as const

/** A BMC judges its readings by its own thresholds, in both directions. A temperature with limits is judged by these already. */
function bmcAlarm(one: NamedReading): readonly FindingDraft[] {
  const { kind, plausible, reading, unit, state, warnAbove, criticalAbove } = one.sensor
  if (!plausible || state === undefined || state === null || state === 'ok') return []
  if (kind === 'temperature' && (warnAbove !== null || criticalAbove !== null)) return []
  const { severity, words } = ALARMS[state]
  const shown = `${numberText(reading)} ${UNITS[unit]}`
  return [
    {
      ...placeOf(one),
      rule: 'sensor.bmc_alarm',
      severity,
      title: text(
        `${one.name} 读数 ${shown},BMC 判定为${words.zh}`,
        `${one.name} reads ${shown}, which the BMC calls ${words.en}`,
      ),
      nextStep: text(
        '到现场或 BMC 页面核对该部件。',
        'Look at this part on site or in the web page of the BMC.',
      ),
    },
  ]
}
