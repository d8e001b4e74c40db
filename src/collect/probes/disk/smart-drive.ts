import type { DriveAccess, SmartDetails, SmartDrive } from '../../../domain/facts/disk.ts'

/** Returns details of which nothing is known but how the asking went. */
export const unknownDetails = (access: DriveAccess, message: string | null = null): SmartDetails => ({
  access,
  message,
  wwn: null,
  rotationRpm: null,
  formFactor: null,
  interfaceMaxGigabits: null,
  interfaceGigabits: null,
  smartEnabled: null,
  temperatureWarnCelsius: null,
  temperatureCriticalCelsius: null,
  powerCycles: null,
  startStopCycles: null,
  crcErrors: null,
  commandTimeouts: null,
  availableSparePercent: null,
  availableSpareThresholdPercent: null,
  unsafeShutdowns: null,
  bytesWritten: null,
  nonMediumErrors: null,
  errorLogCount: null,
  selfTests: null,
  attributes: [],
  exitStatus: null,
})

/** Returns a drive of which nothing is known but its name and how the asking went. */
export const unknownDrive = (
  device: string,
  access: DriveAccess = 'no_answer',
  message: string | null = null,
): SmartDrive => ({
  device,
  protocol: null,
  model: null,
  serialNumber: null,
  firmware: null,
  capacityBytes: null,
  healthPassed: null,
  temperatureCelsius: null,
  powerOnHours: null,
  reallocatedSectors: null,
  pendingSectors: null,
  offlineUncorrectable: null,
  reportedUncorrectable: null,
  mediaErrors: null,
  nvmeCriticalWarning: null,
  wearPercent: null,
  failingAttributes: [],
  pastFailedAttributes: [],
  grownDefects: null,
  scsiUncorrectedErrors: null,
  details: unknownDetails(access, message),
})

/**
 * Returns why smartctl gave no facts, from its own words. Sources: smartctl(8), `-n standby` ("Device is in STANDBY mode,
 * exit(2)"), and the errors of open(2) as smartmontools' os_linux.cpp prints them.
 */
export function accessOf(words: string): DriveAccess | null {
  if (/device is in (?:standby|sleep)\b/i.test(words)) return 'asleep'
  if (/permission denied|a password is required|not allowed to execute|must be root/i.test(words))
    return 'denied'
  if (
    /open device: .{0,200} failed|unable to detect device type|please specify device type|no such device|unknown usb bridge|open failed/i.test(
      words,
    )
  )
    return 'not_opened'
  return null
}
