/** One way to write the same subscriber in another form; `to` is for `String.replace`. */
interface Form {
  from: RegExp
  to: string
}

/**
 * Countries whose numbers WhatsApp knows in an older or a newer form than people write. Each pair of forms names one subscriber
 * by the numbering plan of the country; a number for which the plan says nothing has no other form.
 */
const FORMS: readonly Form[] = [
  // Mexico: the 1 of mobile numbers, dropped in 2019.
  { from: /^\+521([2-9]\d{9})$/, to: '+52$1' },
  { from: /^\+52([2-9]\d{9})$/, to: '+521$1' },
  // Brazil: the ninth digit, put before the mobile numbers of then (6 to 9) until 2016.
  { from: /^\+55([1-9]{2})9([6-9]\d{7})$/, to: '+55$1$2' },
  { from: /^\+55([1-9]{2})([6-9]\d{7})$/, to: '+55$19$2' },
  // Argentina: the 9 of mobile numbers, dialled only from abroad.
  { from: /^\+549([1-3]\d{9})$/, to: '+54$1' },
  { from: /^\+54([1-3]\d{9})$/, to: '+549$1' },
  // Benin: 01 before every number since 30 November 2024.
  { from: /^\+22901(\d{8})$/, to: '+229$1' },
  { from: /^\+229(\d{8})$/, to: '+22901$1' },
  // Côte d'Ivoire: since 31 January 2021 the operator's prefix, which the second digit of the old mobile number decides.
  { from: /^\+22501([04-9][0-3]\d{6})$/, to: '+225$1' },
  { from: /^\+22505([04-9][4-6]\d{6})$/, to: '+225$1' },
  { from: /^\+22507([04-9][7-9]\d{6})$/, to: '+225$1' },
  { from: /^\+225([04-9][0-3]\d{6})$/, to: '+22501$1' },
  { from: /^\+225([04-9][4-6]\d{6})$/, to: '+22505$1' },
  { from: /^\+225([04-9][7-9]\d{6})$/, to: '+22507$1' },
]

/** Most numbers of a long list are of other countries. */
const COUNTRIES = /^\+(?:5[245]|22[59])/

/**
 * The other form in which WhatsApp may know the owner of this E.164 number, or `null`. A possibility, never a fact: which of the two is
 * registered only WhatsApp knows. The other form of the other form is the number itself.
 */
export function equivalentNumber(e164: string): string | null {
  if (!COUNTRIES.test(e164)) return null
  const form = FORMS.find(({ from }) => from.test(e164))
  return form === undefined ? null : e164.replace(form.from, form.to)
}
