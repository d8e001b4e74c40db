import { ERRORS, type ErrorSpec } from '../../src/domain/errors.ts'

/** Returns docs/errors.md: every error code with what each surface makes of it and what to do. */
export function renderErrors(): string {
  const rows = Object.entries(ERRORS).map(([code, spec]: readonly [string, ErrorSpec]) => {
    const { httpStatus, exitCode, retryable, hint } = spec
    return `| \`${code}\` | ${httpStatus} | ${exitCode} | ${retryable ? 'yes' : 'no'} | ${hint.zh}<br>${hint.en} |`
  })
  return `# 错误码 / Error codes

Generated from \`src/domain/errors.ts\` by \`npm run gen-docs\`; do not edit.

A failed call answers \`{"success": false, "error": …, "code": …, "hint": …}\` on every surface. A code keeps its meaning
for ever. \`Retry\` says whether the same call can succeed later without a change.

| code | HTTP | CLI exit status | retry | 处理方法 / what to do |
|---|---|---|---|---|
${rows.join('\n')}
`
}
