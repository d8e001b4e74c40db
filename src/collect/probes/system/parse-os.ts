import type { OsFacts } from '../../../domain/facts/system.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { linesOf, splitPair } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

/** Returns the assignments of os-release(5): quotes and backslash escapes removed, nothing else expanded. */
function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const line of linesOf(text)) {
    const pair = splitPair(line, '=')
    if (pair === null || pair[0].startsWith('#')) continue
    const unquoted = /^(["'])(.*)\1$/.exec(pair[1])?.[2] ?? pair[1]
    values.set(pair[0], unquoted.replaceAll(/\\(["'$`\\])/g, '$1'))
  }
  return values
}

/** Returns the operating system; on systems without os-release (CentOS 6) the name is the line of redhat-release. */
export function parseOs({ stdout }: RawSection): Parsed<OsFacts> {
  const blocks = splitBlocks(stdout)
  const [systemName, hostname, kernelRelease, architecture] = linesOf(blocks.get('uname') ?? '')
  if (!systemName || !hostname || !kernelRelease || !architecture)
    return unparseable('uname printed fewer than 4 lines')
  const release = parseOsRelease(blocks.get('os-release') ?? '')
  const named = [release.get('NAME'), release.get('VERSION')].filter(Boolean).join(' ')
  const firstLine = linesOf(blocks.get('release') ?? '')[0]?.trim()
  return {
    value: {
      prettyName: release.get('PRETTY_NAME') || named || firstLine || systemName,
      id: release.get('ID') || null,
      versionId: release.get('VERSION_ID') || null,
      kernelRelease,
      architecture,
      hostname,
    },
  }
}
