import { text } from '../../../domain/text.ts'
import type { ProbeSection } from '../../probe.ts'

/**
 * `grep ''` prints each file's path before its line. dimm*, rank* are kernels from 3.6 on; csrow* the form before.
 * An existing folder without a controller means that no driver found one: not monitored, which is not zero errors.
 */
const EDAC = `cd /sys/devices/system/edac/mc 2>/dev/null || absent 'EDAC (/sys/devices/system/edac/mc)'
set -- mc[0-9]*
[ -d "$1" ] || absent 'EDAC memory controller (no mc* in /sys/devices/system/edac/mc)'
for mc in "$@"; do
  dir=/sys/devices/system/edac/mc/$mc
  grep -s '' /dev/null "$dir/mc_name" "$dir/ce_count" "$dir/ue_count" "$dir/ce_noinfo_count" "$dir/ue_noinfo_count" \\
    "$dir"/dimm*/dimm_label "$dir"/dimm*/dimm_location "$dir"/dimm*/dimm_ce_count "$dir"/dimm*/dimm_ue_count \\
    "$dir"/rank*/dimm_label "$dir"/rank*/dimm_location "$dir"/rank*/dimm_ce_count "$dir"/rank*/dimm_ue_count \\
    "$dir"/csrow*/ue_count "$dir"/csrow*/ch*_ce_count "$dir"/csrow*/ch*_dimm_label
done
exit 0`

/** procps first; BusyBox knows neither -e nor --sort (the parser sorts) and prints sizes such as 12m. */
const PROCESSES = `command -v ps >/dev/null 2>&1 || absent ps
largest=$(ps -ww -eo pid=,user=,rss=,etime=,args= --sort=-rss 2>/dev/null | head -n 20 | cut -c 1-600)
if [ -n "$largest" ]; then
  printf '%s\\n' "$largest"
else
  ps -o pid,user,rss,etime,args | cut -c 1-600
fi
exit 0`

/** Sections of the `memory` probe. Only the module table needs root. */
export const MEMORY_SECTIONS = {
  meminfo: {
    name: 'meminfo',
    body: 'cat /proc/meminfo',
    command: 'cat /proc/meminfo',
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: null,
  },
  pressure: {
    name: 'pressure',
    body: 'cat /proc/pressure/memory',
    command: 'cat /proc/pressure/memory',
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: text(
      '需要内核 4.20 及以上并启用 PSI(CONFIG_PSI=y;默认关闭的发行版在内核参数中加 psi=1)。',
      'Needs kernel 4.20 or later with PSI (CONFIG_PSI=y; where it is off by default add psi=1 to the kernel command line).',
    ),
  },
  vmstat: {
    name: 'vmstat',
    body: "grep -E '^(oom_kill|pswpin|pswpout) ' /proc/vmstat",
    command: "grep -E '^(oom_kill|pswpin|pswpout) ' /proc/vmstat",
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: null,
  },
  inventory: {
    name: 'inventory',
    body: 'as_root dmidecode -t 16 -t 17',
    command: 'dmidecode -t 16 -t 17',
    timeoutSeconds: 10,
    privilege: 'root',
    remedy: text(
      '安装:Debian/Ubuntu/UOS `apt-get install dmidecode`,CentOS/openEuler/麒麟 `yum install dmidecode`,Alpine `apk add dmidecode`。授权(visudo,smartops 换成登录用户):`smartops ALL=(root) NOPASSWD: /usr/sbin/dmidecode -t 16 -t 17`。没有 SMBIOS 的系统(容器、部分虚拟机)读不到内存条清单。',
      'Install: Debian/Ubuntu/UOS `apt-get install dmidecode`, CentOS/openEuler/Kylin `yum install dmidecode`, Alpine `apk add dmidecode`. Permit (visudo; smartops is the login user): `smartops ALL=(root) NOPASSWD: /usr/sbin/dmidecode -t 16 -t 17`. Systems without SMBIOS (containers, some virtual machines) have no module table.',
    ),
  },
  edac: {
    name: 'edac',
    body: EDAC,
    command: "grep '' /sys/devices/system/edac/mc/mc*/{*_count,dimm*/*,csrow*/*_count}",
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: text(
      '未监控 ECC 错误:在物理服务器上加载内存控制器的 EDAC 驱动,如 `modprobe skx_edac`(Intel Skylake-SP 及以后为 skx_edac/i10nm_edac)、`modprobe amd64_edac`(AMD);虚拟机与无 ECC 的主机没有此信息。',
      'ECC errors are not monitored: on a physical server load the EDAC driver of its memory controller, for example `modprobe skx_edac` or `i10nm_edac` (Intel Skylake-SP and later), `modprobe amd64_edac` (AMD); virtual machines and hosts without ECC have none.',
    ),
  },
  processes: {
    name: 'processes',
    body: PROCESSES,
    command: 'ps -ww -eo pid=,user=,rss=,etime=,args= --sort=-rss | head -n 20',
    timeoutSeconds: 10,
    privilege: 'none',
    remedy: text(
      '安装 ps:Debian/Ubuntu/UOS `apt-get install procps`,CentOS/openEuler/麒麟 `yum install procps-ng`,Alpine `apk add procps`。',
      'Install ps: Debian/Ubuntu/UOS `apt-get install procps`, CentOS/openEuler/Kylin `yum install procps-ng`, Alpine `apk add procps`.',
    ),
  },
} as const satisfies Record<string, ProbeSection>
