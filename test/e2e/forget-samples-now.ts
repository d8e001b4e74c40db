// Runs the scheduled job that deletes old samples of our own, once, as the web process would at its hour.
import process from 'node:process'
import { openRuntime } from '../../src/app/runtime.ts'
import { scheduledJobs } from '../../src/app/scheduled-jobs.ts'

const runtime = await openRuntime({ role: 'web' })
try {
  const job = scheduledJobs(runtime).find(({ name }) => name === 'forget_samples')
  if (job === undefined) throw new Error('there is no job forget_samples')
  await job.run(new AbortController().signal)
  process.stdout.write('done\n')
} finally {
  await runtime.close()
}
