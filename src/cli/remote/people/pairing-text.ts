import type { MethodResult } from '../../../protocol/methods.ts'
import { cutToWidth } from '../../cut-to-width.ts'
import { escapeUnprintable } from '../../escape-unprintable.ts'
import { localTime } from '../accounts/account-line.ts'

/** In columns of a terminal. */
const NAME_WIDTH = 24
const REASON_WIDTH = 160

/** `pairing.list` for people: one line a person, and one for what a program says; names and reasons prove nothing. */
export function pairingText(requests: MethodResult<'pairing.list'>['requests']): string {
  if (requests.length === 0) return 'Nobody asks for access.'
  const lines = requests.map(({ code, phoneNumber, id, name, expiresAt, source, reason }) => {
    const who = phoneNumber ?? id ?? ''
    const called = name === null ? '' : `  "${cutToWidth(escapeUnprintable(name), NAME_WIDTH)}"`
    const line = `${code}  ${who}${called}  until ${localTime(expiresAt)}`
    if (source === 'person') return line
    const why = reason === null ? '' : `, who says: "${cutToWidth(escapeUnprintable(reason), REASON_WIDTH)}"`
    return `${line}\n    asked for by an assistant or a program${why}`
  })
  return [
    ...lines,
    '',
    ...(requests.some(({ source }) => source === 'person')
      ? ['Ask the person for the code before you approve: a name proves nothing.']
      : []),
    ...(requests.some(({ source }) => source === 'program')
      ? ['Whoever is asked for by a program knows nothing of it: approve only numbers that you know.']
      : []),
    'whatsappd pairing approve <code>, or: whatsappd pairing reject <code>',
  ].join('\n')
}
