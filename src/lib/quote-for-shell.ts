/** Returns the text as one POSIX-sh word in single quotes. */
export const quoteForShell = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`
