export type PhoneKind = 'iphone' | 'android'

/** Whether the card is shown on a device that is touched: most likely the phone to link, whose camera cannot see its own screen. */
export function isTouched(): boolean {
  return globalThis.matchMedia?.('(pointer: coarse)').matches ?? false
}

/** Which phone that is, by the browser's name for itself; `null` for another device, and for one that does not say. */
export function phoneKindOf(userAgent: string): PhoneKind | null {
  if (/iPhone|iPod/.test(userAgent)) return 'iphone'
  return userAgent.includes('Android') ? 'android' : null
}
