import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classifySection } from '../../classify-section.ts'
import { findTool } from '../../testing/find-tool.ts'
import { runSections } from '../../testing/run-probe.ts'
import { shellAsSh, stubTools } from '../../testing/stub-tools.ts'
import { networkProbe } from './index.ts'

for (const shell of ['dash', 'bash', 'busybox']) {
  const path = findTool(shell)
  test(`this machine's network is read under ${shell}`, {
    skip: path === null ? `${shell} is not installed` : false,
  }, async () => {
    using tools = shell === 'busybox' ? stubTools({ sh: `exec ${path} ash "$@"` }) : shellAsSh(path ?? '')
    const sections = networkProbe.sections.map((section) => ({ id: `network.${section.name}`, section }))
    const run = await runSections(sections, { path: tools.path })
    const raw = Object.fromEntries(
      networkProbe.sections.map(({ name, command }) => [
        name,
        classifySection(run.sections.get(`network.${name}`), command, { timedOut: false, truncated: false }),
      ]),
    )
    const facts = networkProbe.parse(raw, new Date('2026-01-02T03:04:05Z'))
    // A container and a network namespace of a test have no card and no bond: that is said, and is not an error.
    for (const outcome of Object.values(facts))
      assert.ok(['ok', 'no_data', 'unsupported'].includes(outcome.status), JSON.stringify(outcome))
    if (facts.interfaces.status === 'ok')
      for (const card of facts.interfaces.value) assert.notEqual(card.received.packets, null, card.name)
  })
}
