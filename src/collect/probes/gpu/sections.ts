import { text } from '../../../domain/text.ts'
import type { ProbeSection } from '../../probe.ts'
import { KERNEL_LOG_REMEDY, kernelLogSh } from '../../shell/kernel-log.ts'
import { NVIDIA_FIELD_LISTS, NVIDIA_REMAP_FIELDS } from './nvidia-queries.ts'

/** Display and 3D controllers of NVIDIA and AMD, processing accelerators (class 0x12) of anyone; boards' own VGA chips (ASPEED, Matrox) are none. */
const PCI = `cd /sys/bus/pci/devices 2>/dev/null || absent 'PCI bus (/sys/bus/pci)'
for device in *; do
  class='' vendor=''
  { read -r class <"$device/class" && read -r vendor <"$device/vendor"; } 2>/dev/null || continue
  case $class-$vendor in
    0x0300*-0x10de | 0x0302*-0x10de | 0x0300*-0x1002 | 0x0302*-0x1002 | 0x0380*-0x1002 | 0x12*) ;;
    *) continue ;;
  esac
  dir=/sys/bus/pci/devices/$device
  grep -s '' /dev/null "$dir/class" "$dir/vendor" "$dir/current_link_width" "$dir/max_link_width" \\
    "$dir/current_link_speed" "$dir/max_link_speed"
  driver=$(readlink "$dir/driver" 2>/dev/null) && printf '%s/driver:%s\\n' "$dir" "\${driver##*/}"
done
exit 0`

/** The fields that were asked for stand in the first line of the block, so that the parser never guesses columns. */
const NVIDIA = `command -v nvidia-smi >/dev/null 2>&1 || absent nvidia-smi
for fields in ${NVIDIA_FIELD_LISTS.join(' ')}; do
  said=$(nvidia-smi --query-gpu="$fields" --format=csv,noheader,nounits 2>&1)
  code=$?
  case $said in *'not a valid field'*) continue ;; esac
  break
done
block gpus
printf '%s\\n%s\\n' "$fields" "$said"
[ "$code" -eq 0 ] || [ "$code" -eq 14 ] || [ "$code" -eq 15 ] || exit "$code"
rows=$(nvidia-smi --query-remapped-rows=${NVIDIA_REMAP_FIELDS} --format=csv,noheader,nounits 2>/dev/null) && {
  block remapped
  printf '%s\\n%s\\n' ${NVIDIA_REMAP_FIELDS} "$rows"
}
block limits
nvidia-smi -q -d TEMPERATURE 2>/dev/null | cut -c 1-200 | head -n 2000
exit 0`

/** Only lines about Xid errors leave the server. */
const XID = `[ -d /proc/driver/nvidia ] || [ -c /dev/nvidiactl ] || command -v nvidia-smi >/dev/null 2>&1 || absent 'NVIDIA driver'
${kernelLogSh({ grep: "-E 'NVRM: .*Xid'", lines: 400, charactersPerLine: 500, bytes: null })}`

/** Sections of the `gpu` probe. None needs root. */
export const GPU_SECTIONS = {
  pci: {
    name: 'pci',
    body: PCI,
    command:
      "grep '' /sys/bus/pci/devices/*/{class,vendor,current_link_*,max_link_*} (GPUs and accelerators)",
    timeoutSeconds: 5,
    privilege: 'none',
    remedy: null,
  },
  nvidia: {
    name: 'nvidia',
    body: NVIDIA,
    command: 'nvidia-smi --query-gpu=…; nvidia-smi --query-remapped-rows=…; nvidia-smi -q -d TEMPERATURE',
    timeoutSeconds: 40,
    privilege: 'none',
    remedy: text(
      '仅带 NVIDIA GPU 的服务器需要:安装 NVIDIA 驱动(含 nvidia-smi),并用 `nvidia-smi -pm 1` 或 nvidia-persistenced 开启持久模式,查询会快得多。',
      'Only for servers with NVIDIA GPUs: install the NVIDIA driver (it brings nvidia-smi); persistence mode (`nvidia-smi -pm 1` or nvidia-persistenced) makes queries much quicker.',
    ),
  },
  xid: {
    name: 'xid',
    body: XID,
    command: "dmesg | grep 'NVRM: Xid' (or journalctl -k -b -o short-monotonic)",
    timeoutSeconds: 10,
    privilege: 'none',
    remedy: KERNEL_LOG_REMEDY,
  },
  npu: {
    name: 'npu',
    body: 'command -v npu-smi >/dev/null 2>&1 || absent npu-smi\nnpu-smi info',
    command: 'npu-smi info',
    timeoutSeconds: 20,
    privilege: 'none',
    remedy: text(
      '仅带昇腾 NPU 的服务器需要:安装昇腾驱动与固件;登录用户须属于驱动的运行用户组(默认 HwHiAiUser)。',
      'Only for servers with Ascend NPUs: install the Ascend driver and firmware; the login user must be in the driver’s group (HwHiAiUser by default).',
    ),
  },
} as const satisfies Record<string, ProbeSection>
