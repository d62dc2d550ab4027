/**
 * Regions by calling code: each run of digits is followed by the regions of its next digit, from 0 on, `-` for none. So
 * `2EG------ZA` is Egypt (20) and South Africa (27).
 */
const REGIONS_BY_CODE =
  '2EG------ZA21-SSMADZ--TN-LY22GMSNMRMLGNCIBFNETGBJ23MULRSLGHNGTDCFCMCVST24GQGACGCDAOGWIOACSCSD25RWETSODJKETZUGB' +
  'IMZ26ZMMGREZWNAMWLSBWSZKM29SHER-----AWFOGL3GRNLBEFRES-HU--IT35GIPTLUIEISALMTCYFIBG37LTLVEEMDAMBYADMCSM38UARSME' +
  'XK-HRSIBA-MK4ROCH-ATGBDKSENOPLDE42CZSK-LI5-PEMXCUARBRCLCOVE50FKBZGTSVHNNICRPAPMHT59GPBOGYECGFPYMQSRUYCW6MYAUID' +
  'PHNZSGTH67TL-NFBNNRPGTOSBVUFJ68PWWFCKNU-WSKINCTVPF69TKFMMH8-JPKR-VN-CN85KP-HKMO-KHLA88BD-----TW9TRINPKAFLKMM--' +
  'IR96MVLBJOSYIQKWSAYEOM97PSAEILBHQABTMNNP99--TJTMAZGEKG-UZ'

const REGIONS = new Map<string, string>()
for (const [, digits = '', regions = ''] of REGIONS_BY_CODE.matchAll(/(\d+)([A-Z-]+)/g)) {
  regions.match(/-|../g)?.forEach((region, last) => REGIONS.set(digits + last, region))
}

/** The regions (ISO 3166) whose calling code `number`, such as `+4915…`, begins with; `''` while none does. */
export function regionsOf(number: string): string {
  if (number.startsWith('+1')) return 'USCA'
  if (number.startsWith('+7')) return 'RUKZ'
  const [, three = '', two = ''] = /^\+((\d\d)\d?)/.exec(number) ?? []
  return (REGIONS.get(three) ?? REGIONS.get(two) ?? '').replace('-', '')
}

/** A long list asks for hundreds of countries at once, and such an object takes longer to make than to ask. */
let known: { locale: string | undefined; names: Intl.DisplayNames } | null = null

/** Where `number` is from, in the reader's language, such as `United States / Canada`; `''` when it is not known. */
export function countryOf(number: string, locale: string | undefined): string {
  if (known?.locale !== locale || known === null)
    known = { locale, names: new Intl.DisplayNames(locale, { type: 'region' }) }
  const { names } = known
  return (regionsOf(number).match(/../g) ?? []).map((region) => names.of(region) ?? region).join(' / ')
}
