import { text } from '../../../domain/text.ts'
import type { Probe } from '../../probe.ts'
import { parseSection } from '../../section-value.ts'
import { parseHwmon } from './parse-hwmon.ts'
import { parseBmc, parseIpmi, parseIpmiStates, parseSel } from './parse-ipmi.ts'
import { parseThermalZones } from './parse-thermal-zones.ts'
import { SENSORS_SECTIONS as S } from './sections.ts'

/** Temperatures, fans, voltages, power and humidity from the kernel and from the BMC. */
export const sensorsProbe: Probe<'sensors'> = {
  name: 'sensors',
  title: text('传感器', 'Sensors'),
  sections: [S.hwmon, S.thermalZones, S.ipmi, S.ipmiSel, S.bmc],
  parse: (raw) => ({
    hwmon: parseSection(raw['hwmon'], S.hwmon.command, parseHwmon),
    thermalZones: parseSection(raw['thermal_zones'], S.thermalZones.command, parseThermalZones),
    ipmi: parseSection(raw['ipmi'], S.ipmi.command, parseIpmi),
    ipmiStates: parseSection(raw['ipmi'], S.ipmi.command, parseIpmiStates),
    ipmiSel: parseSection(raw['ipmi_sel'], S.ipmiSel.command, parseSel),
    bmc: parseSection(raw['bmc'], S.bmc.command, parseBmc),
  }),
}
