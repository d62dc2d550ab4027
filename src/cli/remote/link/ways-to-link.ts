import { quoted } from '../../../storage/files/quoted.ts'

/** Commands by which a person links an account, as they can be typed. */
export interface WaysToLink {
  /** Draws a QR code. */
  qr: string
  /** Shows a pairing code. */
  code: string
  /** Prints a link to the page. */
  page: string
}

/** `account` and `stateDir` are `null` where the command finds them by itself. */
export function waysToLink(place: { account: string | null; stateDir: string | null }): WaysToLink {
  const { account, stateDir } = place
  const which = account === null ? '' : ` --account ${account}`
  const where = stateDir === null ? '' : ` --state-dir ${quoted(stateDir)}`
  return {
    qr: `whatsappd link${which}${where}`,
    code: `whatsappd link --code <its number>${which}${where}`,
    page: `whatsappd open${where}`,
  }
}
