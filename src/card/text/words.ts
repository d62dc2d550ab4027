import type { CardText } from './card-texts.ts'

/** Replacements of what the card says: by its English text, or by a code of the daemon (`<code>`, `<code>.action`). */
export type CardStrings = Readonly<Partial<Record<CardText, string>> & Record<string, string>>

export interface Words {
  /** The card's own text, with `{name}` filled in from `values`. */
  (text: CardText, values?: Readonly<Record<string, string | number>>): string
  /** A sentence of the daemon, unless there is a replacement under `key`. */
  said(key: string, sentence: string): string
}

export function words(strings: CardStrings | null): Words {
  const say = (text: CardText, values: Readonly<Record<string, string | number>> = {}): string =>
    (strings?.[text] ?? text).replaceAll(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all))
  return Object.assign(say, { said: (key: string, sentence: string) => strings?.[key] ?? sentence })
}
