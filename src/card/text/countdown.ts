/** Whole seconds from `nowMs` (local clock) until `expiresAt` (the daemon's clock), never below zero. */
export function secondsUntil(expiresAt: string, nowMs: number, clockOffsetMs: number): number {
  return Math.max(0, Math.ceil((Date.parse(expiresAt) - (nowMs + clockOffsetMs)) / 1_000))
}

/** `0:07`, `1:00`, `12:34`; hours are not split off. */
export function formatCountdown(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
