/**
 * `tag` as BCP 47 writes it: `en_US` is `en-US`, `de_DE.UTF-8` is `de-DE`. Subtags at its end that no language tag can have are left out.
 * `undefined` where nothing is left. `Intl` throws at every tag that has not been read by this.
 */
export function readLanguageTag(tag: unknown): string | undefined {
  if (typeof tag !== 'string') return undefined
  const subtags = tag
    .trim()
    .replace(/[.@].*$/s, '')
    .split(/[-_]/, 8)
  for (; subtags.length > 0; subtags.pop()) {
    try {
      return Intl.getCanonicalLocales(subtags.join('-'))[0]
    } catch {
      // The next shorter one may be valid.
    }
  }
  return undefined
}
