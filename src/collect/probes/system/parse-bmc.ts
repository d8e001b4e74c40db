import type { BmcLan, BmcPresence } from '../../../domain/facts/system.ts'
import { splitBlocks } from '../../formats/blocks.ts'
import { linesOf, splitPair } from '../../formats/lines.ts'
import type { RawSection } from '../../probe.ts'
import type { Parsed } from '../../section-value.ts'
import { unparseable } from '../../section-value.ts'

const pairsOf = (text: string, separator: string): ReadonlyMap<string, string> =>
  new Map(linesOf(text).flatMap((line) => [splitPair(line, separator) ?? ['', '']]))

const versionOrNull = (word: string | undefined): string | null =>
  word !== undefined && /^[0-9a-f]{1,5}\.[0-9a-f]{1,5}$/i.test(word) ? word : null

/** The kernel prints ids as `0x0002a2`. */
const idOrNull = (word: string | undefined): number | null =>
  word !== undefined && /^0x[0-9a-f]{1,8}$/i.test(word) ? Number(word) : null

/** Returns whether there is a BMC, and who it is where the kernel's driver asked it (drivers/char/ipmi/ipmi_msghandler.c). */
export function parseBmc({ stdout }: RawSection): Parsed<BmcPresence> {
  const blocks = splitBlocks(stdout)
  const signs = blocks.get('signs')
  const controller = blocks.get('controller')
  if (signs === undefined || controller === undefined) return unparseable('the output ends early')
  const seen = new Set(linesOf(signs))
  const device = (blocks.get('device') ?? '').trim()
  const hasDevice = /^\/dev\/ipmi[a-z0-9/]{1,10}$/.test(device)
  const isNamed = hasDevice || ['smbios', 'acpi', 'kernel'].some((sign) => seen.has(sign))
  const values = pairsOf(controller, '=')
  return {
    value: {
      isPresent: isNamed || (seen.has('table') ? false : null),
      device: hasDevice ? device : null,
      firmwareVersion: versionOrNull(values.get('firmware_revision')),
      ipmiVersion: versionOrNull(values.get('ipmi_version')),
      manufacturerId: idOrNull(values.get('manufacturer_id')),
      productId: idOrNull(values.get('product_id')),
    },
  }
}

const UNSET_ADDRESS = '0.0.0.0'

/** Returns the address that `ipmitool lan print` shows. */
export function parseBmcLan({ stdout }: RawSection): Parsed<BmcLan> {
  const values = pairsOf(stdout, ':')
  const address = values.get('IP Address')
  const mac = values.get('MAC Address') ?? ''
  if (address === undefined) return unparseable('no line IP Address')
  return {
    value: {
      ipAddress: /^\d{1,3}(?:\.\d{1,3}){3}$/.test(address) && address !== UNSET_ADDRESS ? address : null,
      ipSource: values.get('IP Address Source') || null,
      macAddress: /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(mac) ? mac.toLowerCase() : null,
    },
  }
}
