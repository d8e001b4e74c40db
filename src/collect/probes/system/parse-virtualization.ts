import type { VirtualizationFacts } from '../../../domain/facts/system.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { linesOf } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

/** DMI vendor or product text → word of systemd-detect-virt(1). Same table as systemd's `detect_vm_dmi_vendor`. */
const VENDORS: readonly (readonly [RegExp, string])[] = [
  [/^KVM|OpenStack|KubeVirt|Alibaba Cloud ECS|Tencent Cloud|Huawei Cloud|RHEV|oVirt/im, 'kvm'],
  [/^QEMU/im, 'qemu'],
  [/^VMware|^VMW/im, 'vmware'],
  [/^innotek GmbH|VirtualBox/im, 'oracle'],
  [/^Xen|^HVM domU/im, 'xen'],
  [/^Bochs/im, 'bochs'],
  [/^Parallels/im, 'parallels'],
  [/^BHYVE/im, 'bhyve'],
  [/Virtual Machine$/im, 'microsoft'],
  [/^Amazon EC2$/im, 'amazon'],
  [/^Google Compute Engine/im, 'google'],
]

const CONTAINER_WORDS: readonly (readonly [string, string])[] = [
  ['docker', 'docker'],
  ['podman', 'podman'],
  ['openvz', 'openvz'],
  ['/docker/', 'docker'],
  ['/lxc/', 'lxc'],
  ['/kubepods', 'kubernetes'],
]

function containerOf(markers: string): string | null {
  const lines = linesOf(markers).map((line) => line.trim())
  const named = lines.find((line) => line.startsWith('container='))?.slice('container='.length)
  if (named !== undefined && /^[a-z][a-z0-9-]{0,30}$/.test(named)) return named
  return CONTAINER_WORDS.find(([marker]) => lines.includes(marker))?.[1] ?? null
}

const onMetal: Parsed<VirtualizationFacts> = { value: { isVirtual: false, technology: null } }
const on = (technology: string): Parsed<VirtualizationFacts> => ({ value: { isVirtual: true, technology } })

/**
 * Returns whether the system is a virtual machine or a container. systemd-detect-virt decides where it is installed;
 * else container marks of process 1, the hypervisor's type, the DMI vendor, and the CPU flag `hypervisor`
 * (then the technology is `unknown`).
 */
export function parseVirtualization({ stdout }: RawSection): Parsed<VirtualizationFacts> {
  const blocks = splitBlocks(stdout)
  if (!blocks.has('vendor')) return unparseable('the output ends early')
  const detected = linesOf(blocks.get('detect') ?? '')[0]?.trim() ?? ''
  if (detected === 'none') return onMetal
  if (/^[a-z][a-z0-9-]{0,30}$/.test(detected)) return on(detected)
  const container = containerOf(blocks.get('markers') ?? '')
  if (container !== null) return on(container)
  const [first, second] = linesOf(blocks.get('hypervisor') ?? '').map((line) => line.trim())
  const type = first === 'flag' ? second : first
  if (type && /^[a-z]{2,20}$/.test(type)) return on(type)
  const vendor = VENDORS.find(([pattern]) => pattern.test((blocks.get('vendor') ?? '').slice(0, 512)))
  if (vendor !== undefined) return on(vendor[1])
  return first === 'flag' ? on('unknown') : onMetal
}
