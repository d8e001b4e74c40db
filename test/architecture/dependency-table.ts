/** What one folder of `src/` may import of ours, and whether it may touch the world. */
export interface FolderRule {
  /** Path below `src/`; the longest that fits a file counts. `bin` is the folder beside `src`. */
  readonly folder: string
  /** Folders below `src/`, or single files of one. Its own folder is always allowed. `*` is everything. */
  readonly mayImport: readonly string[]
  /** Pure: values in, values out. No `node:*`, no clock, no chance, no process, no network. */
  readonly pure: boolean
  /** False where not even npm packages may be imported. */
  readonly packages: boolean
}

const BASE = ['domain', 'lib'] as const
const CONTRACT_FILES = ['services/service-definition.ts', 'services/context.ts', 'services/call.ts'] as const

const world = (folder: string): FolderRule => ({ folder, mayImport: BASE, pure: false, packages: true })
const pure = (folder: string): FolderRule => ({ folder, mayImport: BASE, pure: true, packages: true })
const meeting = (folder: string, mayImport: readonly string[]): FolderRule => ({
  folder,
  mayImport,
  pure: false,
  packages: true,
})

const PURE_STAGES = ['analyse', 'plan', 'decide', 'report'] as const

/** Who may import whom. The architecture test reads this, and `scripts/gen-docs.ts` prints it into AGENTS.md. */
export const DEPENDENCY_TABLE: readonly FolderRule[] = [
  { folder: 'domain', mayImport: [], pure: true, packages: false },
  meeting('lib', []),
  world('config'),
  world('collect'),
  world('store'),
  world('notify'),
  world('model'),
  world('jobs'),
  pure('analyse'),
  pure('plan'),
  pure('decide'),
  pure('report'),
  meeting('report/render', ['report', ...BASE]),
  meeting('pipeline', [...BASE, 'collect', 'store', ...PURE_STAGES, 'notify', 'model']),
  meeting('services', [...BASE, 'pipeline', ...PURE_STAGES]),
  meeting('operations', [...BASE, 'pipeline', ...PURE_STAGES, 'collect', 'config', ...CONTRACT_FILES]),
  meeting('agent', [...BASE, 'model']),
  meeting('surfaces', [...BASE, 'services', 'operations', 'agent']),
  meeting('app', ['*']),
  meeting('bin', ['app']),
]

/** Folders whose sub-folders never import each other, nor the `registry.ts` or `index.ts` that lists them. */
export const SEALED_SIBLINGS: readonly string[] = [
  'services',
  'operations',
  'surfaces',
  'notify',
  'collect/probes',
  'collect/environment',
  'collect/checks',
]

/** The only folders that may read `process.env`, and those that may read `process.argv` or call `process.exit`. */
export const PROCESS_READERS = { env: ['config'], argv: ['app', 'bin'], exit: ['app', 'bin'] } as const

/** Lines a file may have; tests hold tables of cases. */
export const MAX_LINES = { source: 400, test: 800 } as const

/** Returns the dependency table as Markdown. */
export function renderDependencyTable(): string {
  const cell = (rule: FolderRule) => {
    if (rule.mayImport.includes('*')) return 'everything'
    const allowed = rule.mayImport.length === 0 ? 'nothing of ours' : rule.mayImport.join(', ')
    if (rule.pure)
      return `${allowed}; no \`node:*\`, clock, chance or I/O${rule.packages ? '' : '; no packages'}`
    return allowed
  }
  const groups = new Map<string, string[]>()
  for (const rule of DEPENDENCY_TABLE)
    groups.set(cell(rule), [...(groups.get(cell(rule)) ?? []), rule.folder])
  const rows = [...groups].map(([allowed, folders]) => `| ${folders.join(', ')} | ${allowed} |`)
  return ['| folder | may import |', '|---|---|', ...rows].join('\n')
}
