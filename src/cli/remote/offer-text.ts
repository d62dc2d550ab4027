import type { LinkOffer } from '../../protocol/account.ts'
import { localTime } from './account-line.ts'
import { drawQr, groupCode } from './terminal-qr.ts'

/** A live QR or pairing code as the terminal shows it: the drawing or the code, the phone's steps, how long it holds. */
export async function offerText(offer: LinkOffer, options: { colours: boolean }): Promise<string> {
  if (offer.method === 'code') {
    return [
      '',
      `  Pairing code for ${offer.phoneNumber}:  ${groupCode(offer.code)}`,
      '',
      '  On the phone: Settings > Linked Devices > Link a Device > Link with phone number instead.',
      `  It holds until ${localTime(offer.expiresAt)}.`,
    ].join('\n')
  }
  const left = offer.remaining === 0 ? 'the last one' : `${offer.remaining} more after it`
  return [
    await drawQr(offer.qr, options),
    'On the phone: Settings > Linked Devices > Link a Device. The account that scans becomes the assistant:',
    'a second number is better than your own.',
    `QR code ${offer.sequence}, until ${localTime(offer.expiresAt)}, ${left}.`,
  ].join('\n')
}
