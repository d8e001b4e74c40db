import type { ServerInspection } from '../../domain/inspection.ts'
import { outcomeValue } from '../../domain/outcome.ts'

/**
 * Vendors and products that firmware of virtual machines gives, lower case.
 * Source: systemd src/basic/virt.c (dmi_vendor_table), and what public clouds set.
 */
const VIRTUAL_VENDORS = [
  'qemu',
  'kvm',
  'vmware',
  'innotek',
  'virtualbox',
  'xen',
  'bochs',
  'parallels',
  'bhyve',
  'openstack',
  'google compute engine',
  'alibaba cloud',
  'tencent cloud',
] as const

/**
 * Returns true when the machine is a virtual machine or a container: what it shows of hardware is not its own.
 * Decided by the virtualisation fact, else by the vendor its firmware names; false when neither was read.
 */
export function isVirtualMachine(inspection: Pick<ServerInspection, 'facts'>): boolean {
  const { system } = inspection.facts
  if (system === undefined) return false
  if (outcomeValue(system.virtualization)?.isVirtual === true) return true
  const board = outcomeValue(system.board)
  if (board === null) return false
  const names = [board.systemVendor, board.boardVendor, board.productName].map((name) =>
    (name ?? '').toLowerCase(),
  )
  if (names[0] === 'microsoft corporation' && names[2] === 'virtual machine') return true
  if (names[0] === 'amazon ec2') return !(names[2] ?? '').endsWith('.metal')
  return names.some((name) => VIRTUAL_VENDORS.some((vendor) => name.startsWith(vendor)))
}
