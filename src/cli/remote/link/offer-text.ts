import type { LinkOffer } from '../../../protocol/account/account.ts'
import type { CommandContext, TerminalSize } from '../../command-context.ts'
import { localTime } from '../accounts/account-line.ts'
import { drawQr, groupCode } from './terminal-qr.ts'
import type { WaysToLink } from './ways-to-link.ts'

/** The three lines below a drawing, and the one of the cursor. */
const ROWS_BELOW = 4

/**
 * A live QR or pairing code as the terminal shows it: the drawing or the code, the phone's steps, how long it holds. Where
 * the terminal is too small for the whole drawing, what to do instead.
 */
export async function offerText(
  offer: LinkOffer,
  { terminal, terminalSize }: Pick<CommandContext, 'terminal' | 'terminalSize'>,
  ways: WaysToLink,
): Promise<string> {
  if (offer.method === 'code') {
    return [
      '',
      `  Pairing code for ${offer.phoneNumber}:  ${groupCode(offer.code)}`,
      '',
      '  On the phone: Settings > Linked Devices > Link a Device > Link with phone number instead.',
      `  It holds until ${localTime(offer.expiresAt)}.`,
    ].join('\n')
  }
  const size = terminalSize()
  const { drawing, needs } = await drawQr(offer.qr, { colours: terminal, size })
  const left = offer.remaining === 0 ? 'the last one' : `${offer.remaining} more after it`
  const whole = { columns: needs.columns, rows: needs.rows + ROWS_BELOW }
  const isWhole = size === null || (drawing !== null && whole.rows <= size.rows)
  return [
    ...(drawing === null ? [] : [drawing]),
    ...(isWhole ? [] : tooSmall(size, whole, ways)),
    'On the phone: Settings > Linked Devices > Link a Device. The account that scans becomes the assistant:',
    'a second number is better than your own.',
    `QR code ${offer.sequence}, until ${localTime(offer.expiresAt)}, ${left}.`,
  ].join('\n')
}

/** Short lines: this is for narrow terminals. */
function tooSmall(size: TerminalSize, needs: TerminalSize, ways: WaysToLink): string[] {
  return [
    `The QR code needs ${needs.columns} columns and ${needs.rows} rows;`,
    `this terminal has ${size.columns} and ${size.rows}. Make it`,
    'larger, or its letters smaller: the next code',
    'is drawn to its size. Or link another way:',
    `  ${ways.code}`,
    `  ${ways.page}  (the page)`,
  ]
}
