import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GpuFacts } from '../../../domain/facts/gpu.ts'
import { classifySection } from '../../classify-section.ts'
import { findTool } from '../../testing/find-tool.ts'
import { runSections } from '../../testing/run-probe.ts'
import { shellAsSh, stubTools } from '../../testing/stub-tools.ts'
import { gpuProbe } from './index.ts'

const NOW = new Date('2026-01-02T03:04:05Z')

/** Runs the probe on this machine with these tools ahead of its own. */
async function factsOf(
  tools: Readonly<Record<string, string>>,
  change: { readonly timeoutSeconds?: number } = {},
): Promise<GpuFacts> {
  using stubs = stubTools(tools)
  const sections = gpuProbe.sections.map((section) => ({
    id: `gpu.${section.name}`,
    section: { ...section, ...change },
  }))
  const run = await runSections(sections, { path: stubs.path })
  const raw = Object.fromEntries(
    gpuProbe.sections.map(({ name, command }) => [
      name,
      classifySection(run.sections.get(`gpu.${name}`), command, { timedOut: false, truncated: false }),
    ]),
  )
  return gpuProbe.parse(raw, NOW)
}

/** Answers with as many fields as were asked for, the first of them an index; knows the fields that a driver of that age knows. */
const smi = (unknownFields: string): string => `case "$*" in
*--query-gpu=*)
  fields=\${1#--query-gpu=}
  case ",$fields," in ${unknownFields}) echo "Field \\"x\\" is not a valid field to query."; exit 2 ;; esac
  printf 0
  rest=$fields
  while [ "$rest" != "\${rest#*,}" ]; do rest=\${rest#*,}; printf ', [N/A]'; done
  echo ;;
*-q*) echo "GPU 00000000:3B:00.0" ;;
*) exit 6 ;;
esac`

for (const [driver, unknownFields] of [
  ['of today', '*nothing*'],
  ['that renamed throttle reasons', '*clocks_throttle_reasons*'],
  ['without the memory temperature', '*temperature.memory*'],
  ['that knows few fields', '*temperature.memory*|*,uuid,*'],
] as const)
  test(`nvidia-smi of a driver ${driver} is asked for what it knows`, async () => {
    const { nvidia } = await factsOf({ 'nvidia-smi': smi(unknownFields) })
    assert.deepEqual(nvidia.status === 'ok' && nvidia.value.gpus.map(({ index }) => index), [0])
  })

test('a driver that does not answer is unsupported, with its own words', async () => {
  const { nvidia } = await factsOf({
    'nvidia-smi': `echo "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."; exit 9`,
  })
  assert.equal(nvidia.status, 'unsupported')
  assert.match(nvidia.status === 'unsupported' ? nvidia.stderr : '', /couldn't communicate/)
})

test('an nvidia-smi that hangs costs its own section only', async () => {
  const facts = await factsOf(
    {
      'nvidia-smi': "trap '' TERM; while :; do sleep 1; done",
      dmesg: `echo '[    0.000000] Linux version'; echo '[    9.500000] NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen off the bus.'`,
      'npu-smi': "echo '| npu-smi 23.0.0 |'",
    },
    { timeoutSeconds: 2 },
  )
  assert.equal(facts.nvidia.status, 'timeout')
  assert.deepEqual(
    facts.xid.status === 'ok' && facts.xid.value.events.map(({ busId, code }) => [busId, code]),
    [['0000:3b:00', 79]],
  )
  assert.equal(facts.npu.status, 'no_data')
})

test('where the kernel log may not be read it says so, instead of no faults', async () => {
  const { xid } = await factsOf({
    'nvidia-smi': 'exit 9',
    dmesg: 'echo "dmesg: read kernel buffer failed: Operation not permitted" >&2; exit 1',
    journalctl: 'exit 1',
  })
  assert.equal(xid.status, 'denied')
})

for (const shell of ['dash', 'bash', 'busybox']) {
  const path = findTool(shell)
  test(`a machine without GPUs is read under ${shell}`, {
    skip: path === null ? `${shell} is not installed` : false,
  }, async () => {
    using tools = shell === 'busybox' ? stubTools({ sh: `exec ${path} ash "$@"` }) : shellAsSh(path ?? '')
    const sections = gpuProbe.sections.map((section) => ({ id: `gpu.${section.name}`, section }))
    const run = await runSections(sections, { path: tools.path })
    for (const { name, command } of gpuProbe.sections) {
      const raw = run.sections.get(`gpu.${name}`)
      const outcome = classifySection(raw, command, { timedOut: false, truncated: false })
      assert.ok(
        ['ok', 'no_data', 'unsupported', 'denied'].includes(outcome.status),
        `${name}: ${JSON.stringify(raw)}`,
      )
      assert.doesNotMatch(raw?.stderr ?? '', /syntax error|unexpected|bad substitution/i)
    }
  })
}
