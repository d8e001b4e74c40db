import { text } from '../../../domain/text.ts'
import type { ProbeSection } from '../../probe.ts'

/** Names of interfaces go into paths and arguments only when they are plain; servers with very many virtual functions are cut. */
const EACH_CARD = `count=0
for nic in *; do
  [ -e "$nic/device" ] || continue
  case $nic in -* | *[!A-Za-z0-9_.:@-]*) continue ;; esac
  count=$((count + 1))
  [ "$count" -le 128 ] || break`

/** A speed that the driver does not know is an error of reading or -1: either leaves no number. */
const INTERFACES = `cd /sys/class/net 2>/dev/null || absent 'network interfaces (/sys/class/net)'
${EACH_CARD}
  dir=/sys/class/net/$nic
  printf '%s/ifindex:%s\\n' "$dir" "$(cat "$dir/ifindex" 2>/dev/null)"
  grep -s '' /dev/null "$dir/operstate" "$dir/carrier" "$dir/carrier_changes" "$dir/speed" "$dir/duplex" "$dir/mtu" \\
    "$dir/statistics/rx_packets" "$dir/statistics/rx_errors" "$dir/statistics/rx_dropped" \\
    "$dir/statistics/tx_packets" "$dir/statistics/tx_errors" "$dir/statistics/tx_dropped" \\
    "$dir/statistics/rx_crc_errors" "$dir/statistics/rx_missed_errors" "$dir/statistics/rx_fifo_errors" \\
    "$dir/statistics/collisions"
  for link in driver master; do
    path=$dir/$link
    [ "$link" = master ] || path=$dir/device/driver
    target=$(readlink "$path" 2>/dev/null) && printf '%s/%s:%s\\n' "$dir" "$link" "\${target##*/}"
  done
  [ ! -e "$dir/device/physfn" ] || printf '%s/virtual_function:1\\n' "$dir"
done
exit 0`

const LINKS = `command -v ethtool >/dev/null 2>&1 || absent ethtool
cd /sys/class/net 2>/dev/null || absent 'network interfaces (/sys/class/net)'
${EACH_CARD}
  printf '\\n@@ nic %s\\n' "$nic"
  ethtool "$nic" 2>/dev/null
done
exit 0`

const BONDS = `cd /proc/net/bonding 2>/dev/null || exit 0
set -- *
[ -e "$1" ] || exit 0
for bond in "$@"; do
  printf '\\n@@ bond %s\\n' "$bond"
  cat "./$bond"
done`

/** Sections of the `network` probe. None needs root. */
export const NETWORK_SECTIONS = {
  interfaces: {
    name: 'interfaces',
    body: INTERFACES,
    command: "grep '' /sys/class/net/*/{operstate,carrier,carrier_changes,speed,duplex,mtu,statistics/*}",
    timeoutSeconds: 10,
    privilege: 'none',
    remedy: null,
  },
  links: {
    name: 'links',
    body: LINKS,
    command: 'ethtool INTERFACE (each card)',
    timeoutSeconds: 15,
    privilege: 'none',
    remedy: text(
      '没有 ethtool 时不知道网卡支持的最高速率。安装:Debian/Ubuntu/UOS `apt-get install ethtool`,CentOS/openEuler/麒麟 `yum install ethtool`,Alpine `apk add ethtool`。',
      'Without ethtool the fastest speed of a card is not known. Install: Debian/Ubuntu/UOS `apt-get install ethtool`, CentOS/openEuler/Kylin `yum install ethtool`, Alpine `apk add ethtool`.',
    ),
  },
  bonds: {
    name: 'bonds',
    body: BONDS,
    command: 'cat /proc/net/bonding/*',
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: null,
  },
} as const satisfies Record<string, ProbeSection>
