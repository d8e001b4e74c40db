/** A range of Ansible: `[01:20]`, `[1:9:2]` or `[a:f]`. */
const RANGE = /\[([0-9]{1,9}|[a-zA-Z]):([0-9]{1,9}|[a-zA-Z])(?::([0-9]{1,9}))?\]/

/**
 * Returns the hosts that a name with Ansible ranges stands for (`web[01:20]`, `db-[a:f]`, `[1:9:2]`, several in one
 * name; both ends belong to it and leading zeros keep the width), the name itself when it has none. Null when they are
 * more than `most`, or when a range runs backwards.
 */
export function expandHostRange(name: string, most: number): readonly string[] | null {
  let names = [name]
  for (;;) {
    const match = RANGE.exec(names[0] ?? '')
    if (match === null) return names
    const values = rangeValues(match[1] ?? '', match[2] ?? '', Number(match[3] ?? '1'), most)
    if (values === null || names.length * values.length > most) return null
    const range = match[0]
    names = names.flatMap((one) => {
      // Every name has the same ranges left; what stands before this one differs in earlier values alone.
      const at = one.indexOf(range)
      return values.map((value) => one.slice(0, at) + value + one.slice(at + range.length))
    })
  }
}

function rangeValues(first: string, last: string, step: number, most: number): readonly string[] | null {
  if (step === 0) return null
  const isNumber = /^\d/.test(first)
  if (isNumber !== /^\d/.test(last)) return null
  const from = isNumber ? Number(first) : first.charCodeAt(0)
  const to = isNumber ? Number(last) : last.charCodeAt(0)
  if (to < from || (to - from) / step >= most) return null
  const width = isNumber && first.startsWith('0') && first.length > 1 ? first.length : 0
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => {
    const value = from + index * step
    return isNumber ? String(value).padStart(width, '0') : String.fromCharCode(value)
  })
}
