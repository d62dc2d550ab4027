/** A pairing code in the phone's own grouping: `ABCD-1234`. */
export function groupPairingCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/** The code letter by letter, as a screen reader should say it. */
export function spellPairingCode(code: string): string {
  return code.split('').join(' ')
}
