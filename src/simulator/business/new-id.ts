import type { SeededRandom } from '../seeded-random.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** An id of so many digits, as objects of the Graph API have. */
export function newDigits(random: SeededRandom, length = 15): string {
  return `${random.between(1, 9)}${Array.from({ length: length - 1 }, () => random.between(0, 9)).join('')}`
}

/** So many letters and digits. */
export function newLetters(random: SeededRandom, length: number): string {
  return Array.from({ length }, () => LETTERS[random.between(0, LETTERS.length - 1)]).join('')
}

/** The id of a message. Opaque; Meta's is base64 and holds the other side. */
export function newMessageId(random: SeededRandom): string {
  return `wamid.${Buffer.from(`\u001c\u0018${newDigits(random, 12)}\u0015\u0002${newLetters(random, 20)}`).toString('base64')}`
}
