const COMMON = [
  'index',
  'uuid',
  'name',
  'pci.bus_id',
  'serial',
  'driver_version',
  'vbios_version',
  'temperature.gpu',
  'power.draw',
  'power.limit',
  'utilization.gpu',
  'memory.total',
  'memory.used',
  'ecc.mode.current',
  'ecc.errors.corrected.volatile.total',
  'ecc.errors.uncorrected.volatile.total',
  'ecc.errors.corrected.aggregate.total',
  'ecc.errors.uncorrected.aggregate.total',
  'retired_pages.single_bit_ecc.count',
  'retired_pages.double_bit.count',
  'retired_pages.pending',
  'pcie.link.gen.current',
  'pcie.link.gen.max',
  'pcie.link.width.current',
  'pcie.link.width.max',
  'fan.speed',
  'pstate',
]

const THROTTLE = 'clocks_throttle_reasons.active'

/**
 * Lists of fields for `nvidia-smi --query-gpu`, from the newest driver to the oldest: a driver refuses a whole list for
 * one name that it does not know. Names from `nvidia-smi --help-query-gpu` of drivers 340 to 580 (535 calls throttle
 * reasons event reasons and knew both for a while; 410 brought the memory's temperature).
 */
export const NVIDIA_FIELD_LISTS: readonly string[] = [
  [...COMMON, 'temperature.memory', THROTTLE],
  [...COMMON, 'temperature.memory', 'clocks_event_reasons.active'],
  [...COMMON, THROTTLE],
  COMMON,
  COMMON.filter((field) => !/^retired_pages\.|^uuid$|^vbios/.test(field)),
].map((fields) => fields.join(','))

/** Fields for `nvidia-smi --query-remapped-rows` (driver 450 and later, Ampere and later cards). */
export const NVIDIA_REMAP_FIELDS =
  'gpu_bus_id,remapped_rows.correctable,remapped_rows.uncorrectable,remapped_rows.pending,remapped_rows.failure'
