const MIN_BYTES = 32
/** Random text of any usual alphabet, decimal digits included, has more. */
const MIN_DIFFERENT_BYTES = 6

/**
 * Throws an `Error` with the reason, never with the secret, when `secret` can be guessed: too short, of too few different
 * characters, a short text again and again, or a sequence such as an alphabet.
 */
export function refuseWeakSecret(secret: Buffer): void {
  if (secret.length < MIN_BYTES) throw new Error(`is shorter than ${MIN_BYTES} bytes`)
  const different = new Set(secret).size
  if (different < MIN_DIFFERENT_BYTES)
    throw new Error(
      `has ${different} different characters: make a random one, such as by openssl rand -base64 48`,
    )
  const period = periodOf(secret)
  if (period < MIN_BYTES)
    throw new Error(`repeats ${period} characters: make a random one, such as by openssl rand -base64 48`)
  if (isSequence(secret))
    throw new Error('is a sequence of characters: make a random one, such as by openssl rand -base64 48')
}

/** After how many bytes it repeats itself; its length when it does not. */
function periodOf(secret: Buffer): number {
  for (let period = 1; period < secret.length; period += 1) {
    if (secret.subarray(period).equals(secret.subarray(0, secret.length - period))) return period
  }
  return secret.length
}

/** Whether most bytes follow the one before by the same step. */
function isSequence(secret: Buffer): boolean {
  const counts = new Map<number, number>()
  for (let index = 1; index < secret.length; index += 1) {
    const step = (secret[index] ?? 0) - (secret[index - 1] ?? 0)
    counts.set(step, (counts.get(step) ?? 0) + 1)
  }
  return Math.max(...counts.values()) > (secret.length * 3) / 4
}
