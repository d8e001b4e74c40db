import type { ProbeSection } from '../../probe.ts'
import { LOCAL_FILESYSTEMS_SH } from '../../shell/local-filesystems.ts'

/** One `grep` prints all of /proc that is needed with the path before each line: cheaper than a process a file. */
const SAMPLE = `block proc
grep -s -v '^intr ' /proc/stat /proc/meminfo /proc/net/dev /proc/loadavg /proc/uptime /proc/sys/kernel/random/boot_id \\
  /proc/pressure/cpu /proc/pressure/memory /proc/pressure/io
block nics
for nic in /sys/class/net/*; do
  [ -e "$nic/device" ] || continue
  speed=''
  { read -r speed <"$nic/speed"; } 2>/dev/null
  echo "\${nic##*/} \${speed:--}"
done
${LOCAL_FILESYSTEMS_SH}exit 0`

/** The one section of the `metrics` probe. */
export const METRICS_SECTIONS = {
  sample: {
    name: 'sample',
    body: SAMPLE,
    command:
      'cat /proc/{stat,meminfo,net/dev,loadavg,uptime,pressure/*}; grep . /sys/class/net/*/speed; df -P -k MOUNT…; df -P -i MOUNT…',
    timeoutSeconds: 10,
    privilege: 'none',
    remedy: null,
  },
} as const satisfies Record<string, ProbeSection>
