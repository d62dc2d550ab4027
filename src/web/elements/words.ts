/** Replacements of what an element says: by its English text, or by a code of the daemon (`<code>`, `<code>.action`). */
type Replacements = Readonly<Partial<Record<string, string>>>

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

/** `advice`: the element's own text in the place of what the daemon says to do, by its code. */
export function words<Text extends string>(
  strings: Replacements | null,
  advice: Readonly<Partial<Record<string, Text>>> = {},
): Words<Text> {
  const say = (text: Text, values: Readonly<Record<string, string | number>> = {}): string =>
    (strings?.[text] ?? text).replaceAll(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all))
  const said = ({ code, message, action }: Said): [string, string] => {
    const own = Object.hasOwn(advice, code) ? advice[code] : undefined
    return [
      strings?.[code] ?? message,
      strings?.[`${code}.action`] ?? (own === undefined ? (action ?? '') : say(own)),
    ]
  }
  const declared = (text: string): string => strings?.[text] ?? text
  return Object.assign(say, { said, declared })
}
