/** Replacements of what an element says: by its English text, or by a code of the daemon (`<code>`, `<code>.action`). */
export type Replacements = Readonly<Partial<Record<string, string>>>

export interface Words<Text extends string> {
  /** The element's own text, with `{name}` filled in from `values`. */
  (text: Text, values?: Readonly<Record<string, string | number>>): string
  /** A label or hint that the daemon declares, unless there is a replacement for it. */
  declared(text: string): string
  /** What the daemon said and what to do, unless there are replacements under its `code`. */
  said(words: Said): [message: string, action: string]
}

/** A reason, or an error, in the daemon's own words. */
export interface Said {
  code: string
  message: string
  action?: string | null | undefined
}

/**
 * `strings` come from the page: what is not a string there counts as missing, and what throws is reported once. `advice`: the element's
 * own text in the place of what the daemon says to do, by its code. `locale`: of numbers among the words; without it the browser's own.
 */
export function words<Text extends string>(
  strings: Replacements | null,
  advice: Readonly<Partial<Record<string, Text>>> = {},
  locale?: string,
): Words<Text> {
  const say = (text: Text, values: Readonly<Record<string, string | number>> = {}): string =>
    (replacement(strings, text) ?? text).replaceAll(/\{(\w+)\}/g, (all, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined
      return value === undefined ? all : value.toLocaleString(locale)
    })
  const said = ({ code, message, action }: Said): [string, string] => {
    const own = Object.hasOwn(advice, code) ? advice[code] : undefined
    return [
      replacement(strings, code) ?? message,
      replacement(strings, `${code}.action`) ?? (own === undefined ? (action ?? '') : say(own)),
    ]
  }
  const declared = (text: string): string => replacement(strings, text) ?? text
  return Object.assign(say, { said, declared })
}

const broken = new WeakSet<Replacements>()

/** What `strings` say in the place of `key`; `undefined` for nothing that can be shown. Never throws. */
export function replacement(strings: Replacements | null | undefined, key: string): string | undefined {
  try {
    const value: unknown = strings?.[key]
    return typeof value === 'string' ? value : undefined
  } catch (error) {
    if (strings && !broken.has(strings)) reportError(error)
    if (strings) broken.add(strings)
    return undefined
  }
}
