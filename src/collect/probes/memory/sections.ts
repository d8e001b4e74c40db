import { text } from '../../../domain/text.ts'
import type { ProbeSection } from '../../probe.ts'
import { KERNEL_LOG_REMEDY, kernelLogSh } from '../../shell/kernel-log.ts'

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
    "$dir"/dimm*/size "$dir"/dimm*/dimm_mem_type "$dir"/dimm*/dimm_edac_mode \\
    "$dir"/rank*/size "$dir"/rank*/dimm_mem_type "$dir"/rank*/dimm_edac_mode \\
    "$dir"/csrow*/mem_type "$dir"/csrow*/edac_mode \\
    "$dir"/dimm*/dimm_label "$dir"/dimm*/dimm_location "$dir"/dimm*/dimm_ce_count "$dir"/dimm*/dimm_ue_count \\
    "$dir"/rank*/dimm_label "$dir"/rank*/dimm_location "$dir"/rank*/dimm_ce_count "$dir"/rank*/dimm_ue_count \\
    "$dir"/csrow*/ue_count "$dir"/csrow*/ch*_ce_count "$dir"/csrow*/ch*_dimm_label
done
exit 0`

/** procps first; BusyBox knows neither -e nor --sort (the parser sorts), prints sizes such as 12m, and may be built without etime. */
const PROCESSES = `command -v ps >/dev/null 2>&1 || absent ps
largest=$(ps -ww -eo pid=,user:32=,rss=,etime=,args= --sort=-rss 2>/dev/null | head -n 20 | cut -c 1-600)
if [ -n "$largest" ]; then
  printf '%s\\n' "$largest"
else
  all=$(ps -o pid,user,rss,etime,args 2>/dev/null) || all=$(ps -o pid,user,rss,stat,args) || exit
  printf '%s\\n' "$all" | cut -c 1-600
fi
exit 0`

const NUMA = `cd /sys/devices/system/node 2>/dev/null || absent 'NUMA nodes (/sys/devices/system/node)'
set -- node[0-9]*
[ -d "$1" ] || absent 'NUMA node (no node* in /sys/devices/system/node)'
count=0
for node in "$@"; do
  count=$((count + 1))
  [ "$count" -le 256 ] || break
  dir=/sys/devices/system/node/$node
  grep -s '' /dev/null "$dir/cpulist"
  grep -s -E ' (MemTotal|MemFree):' /dev/null "$dir/meminfo"
done
exit 0`

const HUGE_PAGES = `[ -d /sys/kernel/mm/hugepages ] || [ -d /sys/kernel/mm/transparent_hugepage ] || absent 'huge pages (/sys/kernel/mm)'
grep -s '' /dev/null /sys/kernel/mm/transparent_hugepage/enabled /sys/kernel/mm/hugepages/hugepages-*/nr_hugepages \\
  /sys/kernel/mm/hugepages/hugepages-*/free_hugepages /sys/kernel/mm/hugepages/hugepages-*/resv_hugepages \\
  /sys/kernel/mm/hugepages/hugepages-*/surplus_hugepages
exit 0`

/** Only lines about killed processes leave the server. */
const OOM_KILLS = `about='invoked oom-killer|oom-kill:|[Oo]ut of memory|Killed process|killed as a result of limit'
${kernelLogSh({ grep: '-E "$about"', lines: 400, charactersPerLine: 1_000, bytes: null })}`

/**
 * Proportional shares of the processes with the most resident pages, at most 16 Mi pages (64 GiB of 4 KiB) together:
 * the kernel walks every page for it. A section of its own, because reading a process that hangs may hang as well.
 */
const PROCESS_SHARES = `[ -e /proc/self/smaps_rollup ] || absent /proc/self/smaps_rollup
largest=$(for dir in /proc/[0-9]*; do
  { read -r _ pages _ <"$dir/statm"; } 2>/dev/null && [ "$pages" -gt 0 ] && echo "$pages \${dir#/proc/}"
done | sort -rn | head -n 20)
left=16777216
set --
pages=
for word in $largest; do
  if [ -z "$pages" ]; then pages=$word; continue; fi
  if [ "$pages" -le "$left" ]; then
    left=$((left - pages))
    set -- "$@" "/proc/$word/smaps_rollup"
  fi
  pages=
done
shares=$(grep -s -E '^(Pss|SwapPss):' /dev/null "$@")
[ -n "$shares" ] || { echo 'smaps_rollup: Permission denied' >&2; exit 1; }
printf '%s\\n' "$shares"`

/** Sections of the `memory` probe. Only the module table and the shares of others' processes need root. */
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
    body: "grep -E '^(oom_kill|pswpin|pswpout|pgmajfault|allocstall[a-z_]*) ' /proc/vmstat",
    command: "grep -E '^(oom_kill|pswpin|pswpout|pgmajfault|allocstall[a-z_]*) ' /proc/vmstat",
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: null,
  },
  inventory: {
    name: 'inventory',
    body: 'as_root dmidecode -t 0 -t 1 -t 2 -t 4 -t 16 -t 17',
    command: 'dmidecode -t 0 -t 1 -t 2 -t 4 -t 16 -t 17',
    timeoutSeconds: 10,
    privilege: 'root',
    remedy: text(
      '安装:Debian/Ubuntu/UOS `apt-get install dmidecode`,CentOS/openEuler/麒麟 `yum install dmidecode`,Alpine `apk add dmidecode`。授权(visudo,smartops 换成登录用户):`smartops ALL=(root) NOPASSWD: /usr/sbin/dmidecode -t 0 -t 1 -t 2 -t 4 -t 16 -t 17`。没有 SMBIOS 的系统(容器、部分虚拟机)读不到内存条清单。',
      'Install: Debian/Ubuntu/UOS `apt-get install dmidecode`, CentOS/openEuler/Kylin `yum install dmidecode`, Alpine `apk add dmidecode`. Permit (visudo; smartops is the login user): `smartops ALL=(root) NOPASSWD: /usr/sbin/dmidecode -t 0 -t 1 -t 2 -t 4 -t 16 -t 17`. Systems without SMBIOS (containers, some virtual machines) have no module table.',
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
  numa: {
    name: 'numa',
    body: NUMA,
    command: "grep -E 'MemTotal|MemFree' /sys/devices/system/node/node*/meminfo",
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: null,
  },
  hugePages: {
    name: 'huge_pages',
    body: HUGE_PAGES,
    command: "grep '' /sys/kernel/mm/hugepages/*/*_hugepages /sys/kernel/mm/transparent_hugepage/enabled",
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: null,
  },
  oomKills: {
    name: 'oom_kills',
    body: OOM_KILLS,
    command: 'dmesg | grep -i "killed process" (or journalctl -k -b -o short-monotonic)',
    timeoutSeconds: 10,
    privilege: 'none',
    remedy: KERNEL_LOG_REMEDY,
  },
  processes: {
    name: 'processes',
    body: PROCESSES,
    command: 'ps -ww -eo pid=,user:32=,rss=,etime=,args= --sort=-rss | head -n 20',
    timeoutSeconds: 10,
    privilege: 'none',
    remedy: text(
      '安装 ps:Debian/Ubuntu/UOS `apt-get install procps`,CentOS/openEuler/麒麟 `yum install procps-ng`,Alpine `apk add procps`。',
      'Install ps: Debian/Ubuntu/UOS `apt-get install procps`, CentOS/openEuler/Kylin `yum install procps-ng`, Alpine `apk add procps`.',
    ),
  },
  processShares: {
    name: 'process_shares',
    body: PROCESS_SHARES,
    command: "grep -E '^(Pss|SwapPss):' /proc/PID/smaps_rollup",
    timeoutSeconds: 10,
    privilege: 'root',
    remedy: text(
      '以 root 登录且内核 4.14 及以上时可读取 PSS;否则按 RSS 排序,共享内存会重复计入。',
      'PSS needs a login as root and kernel 4.14 or later; without it processes are ranked by RSS, which counts shared memory in full for each.',
    ),
  },
} as const satisfies Record<string, ProbeSection>
