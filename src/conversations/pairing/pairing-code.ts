import { randomInt } from 'node:crypto'

/** Without letters and digits that look or sound like another one: I, L, O, U, 0, 1. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789'
const LENGTH = 8

/** A code with which somebody can be allowed: eight characters that cannot be mixed up. Secret: it never enters a log. */
export function newPairingCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}

/** The code as people read it: `ABCD-EFGH`. */
export function shownPairingCode(code: string): string {
  return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`
}

/** The code in what a person typed: in any case, with spaces or dashes; what can be none is found nowhere. */
export function typedPairingCode(written: string): string {
  return written
    .slice(0, 64)
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
}
