import type { Config, EffectiveSetting } from './config.ts'

/**
 * Returns every key with the value in force and where it came from (`default`, `<file>:<line>` or `env <NAME>`), in
 * the order of docs/config.md, for `smart-ops config check`. Secrets are `***`; null means not set.
 */
export const describeConfig = (config: Config): readonly EffectiveSetting[] => config.effective
