/** Area codes of Brazil from this one on have WhatsApp numbers without the ninth digit. */
const FIRST_AREA_WITHOUT_NINTH = 31

/**
 * The digits under which WhatsApp knows a number, which may be others than those that were dialled: of Mexico with a 1 behind the
 * country code, of most of Brazil without the ninth digit.
 */
export function waIdOf(digits: string): string {
  const mexico = /^52([2-9]\d{9})$/.exec(digits)
  if (mexico !== null) return `521${mexico[1]}`
  const brazil = /^55(\d\d)9(\d{8})$/.exec(digits)
  if (brazil !== null && Number(brazil[1]) >= FIRST_AREA_WITHOUT_NINTH) return `55${brazil[1]}${brazil[2]}`
  return digits
}
