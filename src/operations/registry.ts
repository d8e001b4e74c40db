import type { AnyOperation } from '../services/service-definition.ts'
import { listAudit } from './audit/list.ts'
import { runDoctor } from './doctor/run.ts'
import { showProbes } from './probes/show.ts'
import { cancelRun } from './runs/cancel.ts'
import { listRuns } from './runs/list.ts'
import { resumeRun } from './runs/resume.ts'
import { showRun } from './runs/show.ts'
import { listServers } from './servers/list.ts'

/** The operations beside the numbered services: key = folder_file. Every surface loops over this too. */
export const operations = {
  servers_list: listServers,
  runs_list: listRuns,
  runs_show: showRun,
  runs_resume: resumeRun,
  runs_cancel: cancelRun,
  audit_list: listAudit,
  probes_show: showProbes,
  doctor_run: runDoctor,
} as const satisfies Record<string, AnyOperation>
