import { text } from '../../../domain/text.ts'
import type { ProbeSection } from '../../probe.ts'

/**
 * lm-sensors knows scales and names of the board; without it the kernel's files are read as they are. Kernels before
 * 4.x keep the attributes in the `device` folder. One `grep` prints every file with its path.
 */
const HWMON = `cd /sys/class/hwmon 2>/dev/null || absent 'hwmon (/sys/class/hwmon)'
set -- hwmon[0-9]*
[ -e "$1" ] || absent 'hwmon device (no hwmon* in /sys/class/hwmon)'
if command -v sensors >/dev/null 2>&1; then
  said=$(sensors -u 2>/dev/null)
  case $said in *_input:* | *_average:*) block sensors; printf '%s\\n' "$said"; exit 0 ;; esac
fi
for hwmon in "$@"; do
  for dir in "/sys/class/hwmon/$hwmon" "/sys/class/hwmon/$hwmon/device"; do
    grep -s '' /dev/null "$dir/name" "$dir"/temp*_input "$dir"/temp*_label "$dir"/temp*_max "$dir"/temp*_crit \\
      "$dir"/temp*_fault "$dir"/fan*_input "$dir"/fan*_label "$dir"/fan*_fault "$dir"/in*_input "$dir"/in*_label \\
      "$dir"/in*_max "$dir"/in*_crit "$dir"/power*_input "$dir"/power*_average "$dir"/power*_label "$dir"/power*_max \\
      "$dir"/power*_crit "$dir"/humidity*_input "$dir"/humidity*_label
  done
done
exit 0`

const THERMAL = `cd /sys/class/thermal 2>/dev/null || absent 'thermal zones (/sys/class/thermal)'
set -- thermal_zone[0-9]*
[ -e "$1" ] || absent 'thermal zone (no thermal_zone* in /sys/class/thermal)'
for zone in "$@"; do
  dir=/sys/class/thermal/$zone
  grep -s '' /dev/null "$dir/type" "$dir/temp" "$dir"/trip_point_*_type "$dir"/trip_point_*_temp
done
exit 0`

/** The BMC's clock may stand in another zone or be wrong, so both clocks are read. An empty log is said on stderr. */
const SEL = `block now
as_root ipmitool sel time get || exit
block clock
date +%s
block list
as_root ipmitool sel elist last 100`

const BMC_REMEDY = text(
  '仅带 BMC 的服务器需要。安装:Debian/Ubuntu/UOS `apt-get install ipmitool`,CentOS/openEuler/麒麟 `yum install ipmitool`,Alpine `apk add ipmitool`;加载驱动 `modprobe ipmi_si && modprobe ipmi_devintf`。授权(visudo,smartops 换成登录用户):`smartops ALL=(root) NOPASSWD: /usr/bin/ipmitool sdr elist all, /usr/bin/ipmitool sel time get, /usr/bin/ipmitool sel elist last 100, /usr/bin/ipmitool mc info`。',
  'Only for servers with a BMC. Install: Debian/Ubuntu/UOS `apt-get install ipmitool`, CentOS/openEuler/Kylin `yum install ipmitool`, Alpine `apk add ipmitool`; load the driver `modprobe ipmi_si && modprobe ipmi_devintf`. Permit (visudo; smartops is the login user): `smartops ALL=(root) NOPASSWD: /usr/bin/ipmitool sdr elist all, /usr/bin/ipmitool sel time get, /usr/bin/ipmitool sel elist last 100, /usr/bin/ipmitool mc info`.',
)

/** Sections of the `sensors` probe. Only the BMC needs root. */
export const SENSORS_SECTIONS = {
  hwmon: {
    name: 'hwmon',
    body: HWMON,
    command: "sensors -u (or grep '' /sys/class/hwmon/hwmon*/{name,temp*,fan*,in*,power*,humidity*})",
    timeoutSeconds: 10,
    privilege: 'none',
    remedy: text(
      '物理机上加载传感器驱动:`modprobe coretemp`(Intel)、`modprobe k10temp`(AMD),或安装 lm-sensors 后执行 `sensors-detect`;虚拟机没有传感器。',
      'On a physical host load the sensor driver: `modprobe coretemp` (Intel), `modprobe k10temp` (AMD), or install lm-sensors and run `sensors-detect`; virtual machines have none.',
    ),
  },
  thermalZones: {
    name: 'thermal_zones',
    body: THERMAL,
    command: "grep '' /sys/class/thermal/thermal_zone*/{type,temp,trip_point_*}",
    timeoutSeconds: 10,
    privilege: 'none',
    remedy: null,
  },
  ipmi: {
    name: 'ipmi',
    body: 'as_root ipmitool sdr elist all',
    command: 'ipmitool sdr elist all',
    timeoutSeconds: 20,
    privilege: 'root',
    remedy: BMC_REMEDY,
  },
  ipmiSel: {
    name: 'ipmi_sel',
    body: SEL,
    command: 'ipmitool sel time get; ipmitool sel elist last 100',
    timeoutSeconds: 20,
    privilege: 'root',
    remedy: BMC_REMEDY,
  },
  bmc: {
    name: 'bmc',
    body: 'as_root ipmitool mc info',
    command: 'ipmitool mc info',
    timeoutSeconds: 10,
    privilege: 'root',
    remedy: BMC_REMEDY,
  },
} as const satisfies Record<string, ProbeSection>
