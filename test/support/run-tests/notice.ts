/** Prints a line about something that the tests do otherwise than usual on this machine. */
export const notice = (message: string): void => {
  process.stdout.write(`NOTICE ${message}\n`)
}
