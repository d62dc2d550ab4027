/** Whether it is quoted, as it may be in a file of variables. */
const QUOTED = /^(["'`]).*\1$/

/** Why a token or secret cannot be one, as the end of a sentence; `null` where it may be. It never names the value. */
export function unusableSecret(text: string): string | null {
  if (text === '') return 'is empty'
  if (QUOTED.test(text)) return 'has quotes around it: take them away'
  if (/[\r\n]/.test(text)) return 'has a line break in it: copy it again, as one line'
  if (/\s/.test(text)) return 'has a space in it: copy it again, without "Bearer" and without spaces'
  if (!/^[\u0021-\u007e]+$/.test(text)) return 'has characters that no token has: copy it again'
  return text.length > 4_096 ? 'is too long for a token' : null
}
