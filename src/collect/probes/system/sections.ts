import { text } from '../../../domain/text.ts'
import type { ProbeSection } from '../../probe.ts'
import { BMC_SECTIONS } from './bmc-sections.ts'
import { CLOCK_SECTIONS } from './clock-sections.ts'

const OS = `block uname
uname -s
uname -n
uname -r
uname -m
block os-release
if [ -r /etc/os-release ]; then cat /etc/os-release
elif [ -r /usr/lib/os-release ]; then cat /usr/lib/os-release
fi
block release
for file in /etc/kylin-release /etc/redhat-release /etc/centos-release /etc/system-release; do
  if [ -r "$file" ]; then cat "$file"; break; fi
done
exit 0`

const CPU = `[ -r /proc/cpuinfo ] || absent /proc/cpuinfo
block cpuinfo
grep -iE '^(processor|model name|hardware|physical id|core id|cpu model|cpu)[[:space:]]*:' /proc/cpuinfo
block identity
grep -m 4 -E '^(vendor_id|cpu family|model|stepping)[[:space:]]*:' /proc/cpuinfo
block frequency
cat /sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq 2>/dev/null
block nodes
for node in /sys/devices/system/node/node[0-9]*; do [ -d "$node" ] && echo "\${node##*/}"; done
block topology
for cpu in /sys/devices/system/cpu/cpu[0-9]*; do
  package='' core=''
  { read -r package <"$cpu/topology/physical_package_id"; read -r core <"$cpu/topology/core_id"; } 2>/dev/null
  if [ -n "$package" ]; then echo "$package \${core:--}"; fi
done
block lscpu
if ! grep -qi '^model name' /proc/cpuinfo && command -v lscpu >/dev/null 2>&1; then lscpu 2>/dev/null; fi
exit 0`

const BOARD = `[ -d /sys/class/dmi/id ] || absent /sys/class/dmi/id
cd /sys/class/dmi/id || exit 1
for name in sys_vendor product_name board_vendor board_name bios_vendor bios_version bios_date product_serial; do
  value=''
  { IFS= read -r value <"$name"; } 2>/dev/null
  printf '%s=%s\\n' "$name" "$value"
done`

const UPTIME = `block uptime
cat /proc/uptime
block boot-id
cat /proc/sys/kernel/random/boot_id 2>/dev/null
block clock
date +%s`

const VIRTUALIZATION = `block detect
if command -v systemd-detect-virt >/dev/null 2>&1; then systemd-detect-virt; fi
block markers
if [ -e /.dockerenv ]; then echo docker; fi
if [ -e /run/.containerenv ]; then echo podman; fi
if [ -d /proc/vz ] && [ ! -d /proc/bc ]; then echo openvz; fi
{ tr '\\0' '\\n' </proc/1/environ; } 2>/dev/null | grep '^container='
grep -s -oE '(/docker/|/lxc/|/kubepods)' /proc/1/cgroup | sort -u
block hypervisor
if grep -qE '^flags[[:space:]]*:.* hypervisor( |$)' /proc/cpuinfo; then echo flag; fi
cat /sys/hypervisor/type 2>/dev/null
block vendor
cat /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name 2>/dev/null
exit 0`

/** Sections of the `system` probe; only the address of the BMC needs root. */
export const SYSTEM_SECTIONS = {
  ...CLOCK_SECTIONS,
  ...BMC_SECTIONS,
  os: {
    name: 'os',
    body: OS,
    command: 'uname -snrm; cat /etc/os-release || cat /etc/redhat-release',
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: null,
  },
  cpu: {
    name: 'cpu',
    body: CPU,
    command:
      'cat /proc/cpuinfo; grep . /sys/devices/system/cpu/cpu*/topology/{physical_package_id,core_id}; cat /sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq; ls -d /sys/devices/system/node/node*; lscpu',
    timeoutSeconds: 10,
    privilege: 'none',
    remedy: null,
  },
  board: {
    name: 'board',
    body: BOARD,
    command:
      'grep . /sys/class/dmi/id/{sys_vendor,product_name,board_vendor,board_name,bios_vendor,bios_version,bios_date,product_serial}',
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: text(
      '该系统没有 SMBIOS/DMI(容器、部分虚拟机与 ARM 主机如此):请在物理机上以内核 CONFIG_DMIID 运行,或在资产信息中手工填写机型。',
      'This system shows no SMBIOS/DMI (containers, some virtual machines and ARM hosts): run on the physical host with a kernel that has CONFIG_DMIID, or enter the model by hand.',
    ),
  },
  uptime: {
    name: 'uptime',
    body: UPTIME,
    command: 'cat /proc/uptime /proc/sys/kernel/random/boot_id; date +%s',
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: null,
  },
  virtualization: {
    name: 'virtualization',
    body: VIRTUALIZATION,
    command:
      'systemd-detect-virt; grep hypervisor /proc/cpuinfo; cat /proc/1/cgroup /sys/class/dmi/id/sys_vendor',
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: null,
  },
} as const satisfies Record<string, ProbeSection>
