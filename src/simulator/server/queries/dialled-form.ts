/** Countries whose numbers are dialled in one form and registered in another; digits. */
const FORMS: readonly (readonly [dialled: RegExp, registered: string])[] = [
  [/^521(\d{10})$/, '52$1'],
  [/^52(\d{10})$/, '521$1'],
  [/^55(\d\d)9(\d{8})$/, '55$1$2'],
  [/^55(\d\d)(\d{8})$/, '55$19$2'],
  [/^549(\d{10})$/, '54$1'],
  [/^54(\d{10})$/, '549$1'],
  [/^22901(\d{8})$/, '229$1'],
  [/^229(\d{8})$/, '22901$1'],
  [/^2250[157](\d{8})$/, '225$1'],
  [/^225(.[0-3]\d{6})$/, '22501$1'],
  [/^225(.[4-6]\d{6})$/, '22505$1'],
  [/^225(.[7-9]\d{6})$/, '22507$1'],
]

/** The other form under which the number `dialled` may be registered; `undefined` where a number has one form. */
export function otherForm(dialled: string): string | undefined {
  const form = FORMS.find(([pattern]) => pattern.test(dialled))
  return form === undefined ? undefined : dialled.replace(form[0], form[1])
}
