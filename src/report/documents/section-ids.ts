/** Ids (`probe.section`) of the probe sections whose output documents quote as evidence of their numbers. */
export const SECTION_IDS = {
  os: 'system.os',
  cpu: 'system.cpu',
  board: 'system.board',
  meminfo: 'memory.meminfo',
  pressure: 'memory.pressure',
  vmstat: 'memory.vmstat',
  inventory: 'memory.inventory',
  edac: 'memory.edac',
  processes: 'memory.processes',
  filesystems: 'disk.filesystems',
  blockDevices: 'disk.block_devices',
  mdArrays: 'disk.md_arrays',
  smart: 'disk.smart',
  hwmon: 'sensors.hwmon',
  thermalZones: 'sensors.thermal_zones',
  ipmi: 'sensors.ipmi',
} as const
