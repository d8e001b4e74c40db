import { text } from '../../../domain/text.ts'
import type { ProbeSection } from '../../probe.ts'

/**
 * dmi-sysfs lists the records of the SMBIOS table by type, readable for everyone: type 38 is a BMC, IPI0001 the name that
 * ACPI gives it. Reading `ipmi_bmc*` makes the kernel ask the BMC who it is, so it comes last.
 */
const BMC = `block signs
sign() {
  name=$1
  shift
  if [ -e "$1" ]; then echo "$name"; fi
}
sign table /sys/firmware/dmi/entries/[0-9]*
sign smbios /sys/firmware/dmi/entries/38-*
sign acpi /sys/bus/acpi/devices/IPI0001:*
sign kernel /sys/bus/platform/devices/dmi-ipmi-*
sign kernel /sys/bus/platform/devices/ipmi_bmc*
block device
for device in /dev/ipmi0 /dev/ipmi/0 /dev/ipmidev/0; do
  if [ -e "$device" ]; then echo "$device"; break; fi
done
block controller
for dir in /sys/bus/platform/devices/ipmi_bmc*; do
  [ -d "$dir" ] || break
  for name in firmware_revision ipmi_version manufacturer_id product_id; do
    value=''
    { IFS= read -r value <"$dir/$name"; } 2>/dev/null
    printf '%s=%s\\n' "$name" "$value"
  done
  break
done
exit 0`

/** Of all that it prints (community strings among it) only the address leaves the server. */
const BMC_LAN = `print_lan() {
  as_root ipmitool lan print
}
said=$(print_lan) || exit
printf '%s\\n' "$said" | grep -E '^(IP Address Source|IP Address|MAC Address)[[:space:]]*:'
exit 0`

/** Sections of the `system` probe on the BMC. That of ipmitool runs at most every ten minutes, as those of the probe `sensors`. */
export const BMC_SECTIONS = {
  bmc: {
    name: 'bmc',
    body: BMC,
    command:
      'ls -d /sys/firmware/dmi/entries/38-* /sys/bus/acpi/devices/IPI0001:* /dev/ipmi0; grep . /sys/bus/platform/devices/ipmi_bmc*/{firmware_revision,ipmi_version,manufacturer_id,product_id}',
    timeoutSeconds: 10,
    privilege: 'none',
    remedy: null,
  },
  bmcLan: {
    name: 'bmc_lan',
    body: BMC_LAN,
    command: 'ipmitool lan print',
    timeoutSeconds: 10,
    privilege: 'root',
    remedy: text(
      '仅带 BMC 的服务器需要。安装 ipmitool(`apt-get install ipmitool`、`yum install ipmitool`、`apk add ipmitool`)并加载驱动 `modprobe ipmi_si && modprobe ipmi_devintf`。授权(visudo,smartops 换成登录用户):`smartops ALL=(root) NOPASSWD: /usr/bin/ipmitool lan print`。',
      'Only for servers with a BMC. Install ipmitool (`apt-get install ipmitool`, `yum install ipmitool`, `apk add ipmitool`) and load the driver `modprobe ipmi_si && modprobe ipmi_devintf`. Permit (visudo; smartops is the login user): `smartops ALL=(root) NOPASSWD: /usr/bin/ipmitool lan print`.',
    ),
  },
} as const satisfies Record<string, ProbeSection>
