import { hostname, networkInterfaces } from 'node:os'
import type { Server } from '../domain/server.ts'

interface InterfaceAddress {
  readonly address: string
  readonly family: string
  readonly internal: boolean
}

/** Interfaces that containers and hypervisors make; their addresses do not name the machine. */
const VIRTUAL_INTERFACE = /^(?:docker|br-|veth|virbr|cni|flannel|cali|tun|tap|wg|podman)/

/**
 * Returns what this machine is registered as: its first address that is not a loopback or virtual one (IPv4 before
 * IPv6), else 127.0.0.1, and its host name. Reached by running commands locally.
 */
export function describeThisMachine(
  interfaces: Readonly<Record<string, readonly InterfaceAddress[] | undefined>> = networkInterfaces(),
  name: string = hostname(),
): Pick<Server, 'bkCloudId' | 'ip' | 'name' | 'transport' | 'group' | 'enabled'> {
  const addresses = Object.entries(interfaces)
    .filter(([interfaceName]) => !VIRTUAL_INTERFACE.test(interfaceName))
    .flatMap(([, list]) => list ?? [])
    .filter((address) => !address.internal && !address.address.startsWith('fe80:'))
  const chosen = addresses.find(({ family }) => family === 'IPv4') ?? addresses[0]
  return {
    bkCloudId: 0,
    ip: chosen?.address ?? '127.0.0.1',
    name,
    transport: 'local',
    group: null,
    enabled: true,
  }
}
