import type { TimeSyncFacts } from '../../domain/facts/system.ts'
import type { Finding } from '../../domain/finding.ts'
import { outcomeValue } from '../../domain/outcome.ts'
import { type Text, text } from '../../domain/text.ts'
import type { AssessmentInput } from '../finding/assessment-input.ts'
import { type FindingDraft, makeFinding } from '../finding/make-finding.ts'
import { durationText, numberText } from '../finding/quantity-text.ts'
import type { SourcedLimit } from '../finding/sourced-limit.ts'

/** Limits of the rules on time synchronisation. */
const TIME_SYNC_LIMITS = {
  offsetSeconds: { limit: 1, source: 'ours: a clock that is steered is off by milliseconds' },
  offsetUrgentSeconds: {
    limit: 60,
    source: 'RFC 6238, 5.2: one-time passwords of 30 s and one step of delay are refused',
  },
  silenceMs: {
    limit: 24 * 3_600_000,
    source: 'ours: chronyd and ntpd ask at least every 1,024 s unless told otherwise',
  },
} as const satisfies Record<string, SourcedLimit>

/** What systemd-detect-virt(1) calls containers, and Kubernetes: their clock is their host's. */
const CONTAINERS: ReadonlySet<string> = new Set([
  'docker',
  'podman',
  'lxc',
  'lxc-libvirt',
  'systemd-nspawn',
  'openvz',
  'kubernetes',
  'rkt',
  'pouch',
  'wsl',
  'proot',
])

/** Returns what is wrong with how the server keeps its clock; nothing of a container, nor where that was not read or not told. */
export function assessTimeSync(input: AssessmentInput): readonly Finding[] {
  const { system } = input.inspection.facts
  const sync = system?.timeSync === undefined ? null : outcomeValue(system.timeSync)
  const virtualization = system === undefined ? null : outcomeValue(system.virtualization)
  if (sync === null || CONTAINERS.has(virtualization?.technology ?? '')) return []
  return [...judgeSource(sync), ...judgeOffset(sync)].map((draft) => makeFinding(input, draft))
}

const PLACE = { kind: 'server', component: 'clock', evidenceIds: ['system.time_sync'] } as const

function judgeSource(sync: TimeSyncFacts): readonly FindingDraft[] {
  const { daemon, isSynchronized, followsOnlyItself, lastUpdateAgeSeconds } = sync
  const by = daemon === null ? text('', '') : text(`(${daemon})`, ` (${daemon})`)
  const nextStep = lookAt(daemon)
  if (isSynchronized === false)
    return [
      {
        ...PLACE,
        rule: 'server.clock_unsynchronised',
        severity: 'warning',
        title: text(`时钟未同步${by.zh}`, `The clock is not synchronised${by.en}`),
        cause:
          daemon === null
            ? text('没有发现时间同步服务在运行。', 'No service that would set it was seen.')
            : text(
                `${daemon} 在运行,但没有可用的时间源。`,
                `${daemon} runs, but has no source that it could follow.`,
              ),
        nextStep,
      },
    ]
  const silenceMs = (lastUpdateAgeSeconds ?? 0) * 1000
  if (silenceMs > TIME_SYNC_LIMITS.silenceMs.limit) {
    const span = durationText(silenceMs)
    return [
      {
        ...PLACE,
        rule: 'server.clock_source_silent',
        severity: 'warning',
        title: text(
          `时间源已 ${span.zh}没有应答${by.zh}`,
          `The clock’s source has not answered for ${span.en}${by.en}`,
        ),
        cause: text('时钟在自行漂移。', 'The clock drifts by itself meanwhile.'),
        nextStep,
      },
    ]
  }
  if (followsOnlyItself !== true) return []
  return [
    {
      ...PLACE,
      rule: 'server.clock_own_reference',
      severity: 'info',
      title: text(`时钟只以自身为准${by.zh}`, `The clock follows only itself${by.en}`),
      cause: text(
        '隔离网络中的主时间服务器可以如此,其他服务器不应如此。',
        'Right for the master of a network without a source, and for no other server.',
      ),
      nextStep,
    },
  ]
}

function judgeOffset({ offsetSeconds, daemon }: TimeSyncFacts): readonly FindingDraft[] {
  const distance = Math.abs(offsetSeconds ?? 0)
  if (offsetSeconds === null || distance <= TIME_SYNC_LIMITS.offsetSeconds.limit) return []
  const span =
    distance < 60
      ? text(`${numberText(distance)} 秒`, `${numberText(distance)} s`)
      : durationText(distance * 1000)
  const direction = offsetSeconds > 0 ? text('快', 'ahead of') : text('慢', 'behind')
  return [
    {
      ...PLACE,
      rule: 'server.clock_sync_offset',
      severity: distance > TIME_SYNC_LIMITS.offsetUrgentSeconds.limit ? 'urgent' : 'warning',
      title: text(
        `时钟比时间源${direction.zh} ${span.zh}`,
        `The clock is ${span.en} ${direction.en} its source`,
      ),
      cause: text(
        '时间同步跟不上:偏差过大而未步进,或时钟源不稳。',
        'Synchronisation cannot keep up: the distance is too large to be slewed, or the clock is unstable.',
      ),
      nextStep: lookAt(daemon),
    },
  ]
}

/** By daemon, what shows its sources. */
const LOOKS: Readonly<Record<string, string>> = {
  chronyd: 'chronyc sources -v',
  ntpd: 'ntpq -pn',
  'systemd-timesyncd': 'timedatectl timesync-status',
}

function lookAt(daemon: string | null): Text {
  const command = LOOKS[daemon ?? '']
  return command === undefined
    ? text(
        '安装并启动 chrony,配置可达的时间源。',
        'Install and start chrony with a source that it can reach.',
      )
    : text(
        `用 \`${command}\` 查看时间源,检查其地址与 UDP 123 端口是否可达。`,
        `See the sources with \`${command}\`, and whether their addresses can be reached on UDP port 123.`,
      )
}
