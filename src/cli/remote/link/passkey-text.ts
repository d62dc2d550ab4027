import { COPY_COMMAND, passkeyScript, WHATSAPP_WEB } from '../../../client/passkey/passkey-script.ts'
import type { AccountPasskey } from '../../../protocol/account/account.ts'
import type { TerminalSize } from '../../command-context.ts'
import { localTime } from '../accounts/account-line.ts'
import { groupCode } from './terminal-qr.ts'

/** What a person reads about a passkey ceremony in a terminal, in lines of at most 79 characters but for the script. */
export interface PasskeyPages {
  /** What is asked and why. */
  why: string
  /** What to do. */
  how: string
  /** Whether both fit into the terminal at once; otherwise the person turns the page. */
  fits: boolean
}

/** The line of the question below. */
const ROWS_BELOW = 2

/** `options` of the ceremony must be there. Throws where they are not for WhatsApp. */
export function passkeyPages(
  passkey: AccountPasskey & { options: NonNullable<AccountPasskey['options']> },
  size: TerminalSize | null,
): PasskeyPages {
  const script = passkeyScript(passkey.options)
  const why = [
    '',
    'WhatsApp asks for a passkey before it links this device. WhatsApp asks for it,',
    'not whatsappd; another way to link is asked too.',
    '',
    '- Keep WhatsApp open on the phone, in front, until the end.',
    '- Take a computer with a browser that has the passkey (of the same Google or',
    '  Apple account), or that has Bluetooth and is near the phone. It need not be',
    '  this one.',
    `- There is time until ${localTime(passkey.expiresAt)}. No passkey yet? The phone offers to create one.`,
    '- The page of "whatsappd open" shows the same, and works with the extension.',
  ].join('\n')
  const how = [
    '',
    `1. Open ${WHATSAPP_WEB} in that browser, and its console (F12, or`,
    '   Option+Command+J). Paste this line there, press Enter, click on the page:',
    '',
    script,
    '',
    `2. Copy the line that it prints ({"id":...), or enter ${COPY_COMMAND}.`,
  ].join('\n')
  return { why, how, fits: size === null || rowsOf(why + how, size) + ROWS_BELOW <= size.rows }
}

/** Below the steps that need nothing but patience. */
export function passkeyWait({ expiresAt }: AccountPasskey): string {
  return [
    '',
    'WhatsApp has the signature. Keep WhatsApp open on the phone and follow what it',
    `shows. This takes some seconds; until ${localTime(expiresAt)} at most.`,
  ].join('\n')
}

/** `code` of the ceremony must be there. */
export function passkeyCode({ code, expiresAt }: AccountPasskey & { code: string }): string {
  return [
    '',
    `  The phone shows a code. Here it is:  ${groupCode(code)}`,
    '',
    `Compare both, until ${localTime(expiresAt)}. When they differ, say no: another program may be`,
    'in between.',
  ].join('\n')
}

function rowsOf(text: string, { columns }: TerminalSize): number {
  const rows = text.split('\n').map((line) => Math.max(1, Math.ceil(line.length / columns)))
  return rows.reduce((sum, each) => sum + each, 0)
}
