import { isIP } from 'node:net'
import type { ConnectionNames } from '../../domain/connection-names.ts'
import type { FieldProblem } from '../../domain/field-problem.ts'
import type { ServerDraft } from '../../domain/server.ts'
import { type Text, text } from '../../domain/text.ts'
import { isCalendarDay, isMaintenanceWindow } from './maintenance-window-rules.ts'
import { areThresholds, THRESHOLDS_ALLOWED } from './thresholds-input.ts'

/** What the columns and a readable list allow; our own choice, the same for every way into the inventory. */
const MAX_NAME_LENGTH = 100
const MAX_NOTE_LENGTH = 4000
const MAX_TAGS = 50
const MAX_WINDOWS = 50
/** Highest value of the column bk_cloud_id (a signed int). */
const MAX_CLOUD_ID = 2_147_483_647
/** The tallest racks sold have 60 units or fewer; EIA-310 sets no limit. */
const MAX_RACK_UNIT = 100
const MAX_FOUND_LENGTH = 120

/** Controls, line separators, and marks that turn the direction of what follows. */
const FORBIDDEN_IN_NAME = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u
const FORBIDDEN_IN_NOTE = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u

const lengthOf = (value: string): number => Array.from(value).length

const isName = (value: string): boolean =>
  value !== '' &&
  value.trim() === value &&
  lengthOf(value) <= MAX_NAME_LENGTH &&
  !FORBIDDEN_IN_NAME.test(value)

const isBetween = (value: number, low: number, high: number): boolean =>
  Number.isInteger(value) && value >= low && value <= high

const NAME: Text = text(
  `1 至 ${MAX_NAME_LENGTH} 个字符,首尾无空格,不含控制字符`,
  `1 to ${MAX_NAME_LENGTH} characters without control characters or blanks at the ends`,
)

/** What maintenance windows may be. */
export const WINDOWS_ALLOWED: Text = text(
  `最多 ${MAX_WINDOWS} 个,每个为 {weekdays: 1(周一)至 7(周日), from: HH:MM, to: HH:MM, time_zone: IANA 时区} 或 {start_at, end_at: 带时区的 ISO 8601 时间},结束晚于开始`,
  `at most ${MAX_WINDOWS}, each {weekdays: 1 (Monday) to 7 (Sunday), from: HH:MM, to: HH:MM, time_zone: IANA zone} or {start_at, end_at: ISO 8601 with an offset}, the end after the start`,
)

interface Rule {
  readonly allowed: Text
  readonly isAllowed: boolean
}

const nameRule = (value: string): Rule => ({ allowed: NAME, isAllowed: isName(value) })

const wholeNumberRule = (value: number, low: number, high: number): Rule => ({
  allowed: text(`${low} 至 ${high} 的整数`, `a whole number from ${low} to ${high}`),
  isAllowed: isBetween(value, low, high),
})

function configuredRule(value: string, names: readonly string[], section: string): Rule {
  const list = names.join(', ')
  const allowed =
    names.length === 0
      ? text(
          `配置 ${section} 中的名称;目前一个也没有`,
          `a name of ${section} in the configuration, which has none`,
        )
      : text(`配置 ${section} 中的名称:${list}`, `a name of ${section} in the configuration: ${list}`)
  return { allowed, isAllowed: names.includes(value) }
}

type Check<T> = (value: T, names: ConnectionNames) => Rule
type Checked = Omit<Required<ServerDraft>, 'transport' | 'enabled'>

/** A rule for every field that can be wrong; null never is: it means that there is none. */
const CHECKS: { readonly [Field in keyof Checked]: Check<NonNullable<Checked[Field]>> } = {
  ip: (value) => ({
    allowed: text('IPv4 或 IPv6 地址(不带区域后缀)', 'an IPv4 or IPv6 address without a zone'),
    isAllowed: isIP(value) !== 0 && !value.includes('%'),
  }),
  bkCloudId: (value) => wholeNumberRule(value, 0, MAX_CLOUD_ID),
  name: nameRule,
  group: nameRule,
  port: (value) => wholeNumberRule(value, 1, 65_535),
  credential: (value, { credentials }) => configuredRule(value, credentials, 'ssh.credentials'),
  jumpHost: (value, { jumpHosts }) => configuredRule(value, jumpHosts, 'ssh.jump_hosts'),
  tags: (value) => ({
    allowed: text(
      `最多 ${MAX_TAGS} 个不重复的标签,每个 ${NAME.zh},不含逗号`,
      `at most ${MAX_TAGS} different tags, each ${NAME.en}, and without commas`,
    ),
    isAllowed:
      value.length <= MAX_TAGS &&
      new Set(value).size === value.length &&
      value.every((tag) => isName(tag) && !/[,，]/.test(tag)),
  }),
  os: nameRule,
  role: nameRule,
  maintenanceWindows: (value) => ({
    allowed: WINDOWS_ALLOWED,
    isAllowed: value.length <= MAX_WINDOWS && value.every(isMaintenanceWindow),
  }),
  owner: nameRule,
  serialNumber: nameRule,
  rack: nameRule,
  rackUnit: (value) => wholeNumberRule(value, 1, MAX_RACK_UNIT),
  warrantyEndDay: (value) => ({
    allowed: text('存在的日期 YYYY-MM-DD', 'a day that exists, YYYY-MM-DD'),
    isAllowed: isCalendarDay(value),
  }),
  note: (value) => ({
    allowed: text(
      `1 至 ${MAX_NOTE_LENGTH} 个字符,除换行外不含控制字符`,
      `1 to ${MAX_NOTE_LENGTH} characters without control characters except line breaks`,
    ),
    isAllowed: value !== '' && lengthOf(value) <= MAX_NOTE_LENGTH && !FORBIDDEN_IN_NOTE.test(value),
  }),
  thresholds: (value) => ({
    allowed: THRESHOLDS_ALLOWED,
    isAllowed: areThresholds(value),
  }),
}

/** Names of the fields as callers write them. */
const FIELD_NAMES: Readonly<Partial<Record<keyof Checked, string>>> = {
  bkCloudId: 'bk_cloud_id',
  jumpHost: 'jump_host',
  maintenanceWindows: 'maintenance_windows',
  serialNumber: 'serial_number',
  rackUnit: 'rack_unit',
  warrantyEndDay: 'warranty_end_day',
}

/** Returns a value as an error shows it: JSON, at most 120 characters. */
export function showFound(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value)
  return json.length > MAX_FOUND_LENGTH ? `${json.slice(0, MAX_FOUND_LENGTH)}…` : json
}

/**
 * Returns what is wrong with the fields of a server that is to be added or changed, one problem per field, in a fixed
 * order; empty when all is allowed. Fields that are absent or null are not looked at. Pure.
 */
export function checkServerFields(
  fields: Partial<ServerDraft>,
  names: ConnectionNames,
): readonly FieldProblem[] {
  const problems: FieldProblem[] = []
  const look = <Field extends keyof Checked>(field: Field, check: Check<NonNullable<Checked[Field]>>) => {
    const value: Partial<Checked>[Field] | null = fields[field]
    if (value === undefined || value === null) return
    const { isAllowed, allowed } = check(value, names)
    if (!isAllowed) problems.push({ field: FIELD_NAMES[field] ?? field, found: showFound(value), allowed })
  }
  look('ip', CHECKS.ip)
  look('bkCloudId', CHECKS.bkCloudId)
  look('name', CHECKS.name)
  look('group', CHECKS.group)
  look('port', CHECKS.port)
  look('credential', CHECKS.credential)
  look('jumpHost', CHECKS.jumpHost)
  look('tags', CHECKS.tags)
  look('os', CHECKS.os)
  look('role', CHECKS.role)
  look('maintenanceWindows', CHECKS.maintenanceWindows)
  look('owner', CHECKS.owner)
  look('serialNumber', CHECKS.serialNumber)
  look('rack', CHECKS.rack)
  look('rackUnit', CHECKS.rackUnit)
  look('warrantyEndDay', CHECKS.warrantyEndDay)
  look('note', CHECKS.note)
  look('thresholds', CHECKS.thresholds)
  return problems
}
