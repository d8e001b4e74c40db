/** Limits above which a share (percent 0–100) is called abnormal. Defaults from the product specification §3. */
export interface Thresholds {
  readonly cpuPercent: number
  readonly memoryPercent: number
  readonly diskPercent: number
  readonly networkPercent: number
}
