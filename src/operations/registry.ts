// The operations beside the numbered services, one line each: the name is folder_file. Every surface loops over these too.

export { listAudit as audit_list } from './audit/list.ts'
export { runDoctor as doctor_run } from './doctor/run.ts'
export { showProbes as probes_show } from './probes/show.ts'
export { cancelRun as runs_cancel } from './runs/cancel.ts'
export { listRuns as runs_list } from './runs/list.ts'
export { resumeRun as runs_resume } from './runs/resume.ts'
export { showRun as runs_show } from './runs/show.ts'
export { listServers as servers_list } from './servers/list.ts'
