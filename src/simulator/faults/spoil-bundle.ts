import type { Stanza } from '../wire/stanza.ts'

/**
 * What a hostile or broken server does to a device's keys: `unsigned` gives a pre-key that the identity did not sign,
 * `malformed` leaves the identity out, `twice` lists the same device again, `unasked` adds a device that was not asked
 * for.
 */
export type BundleSpoil = 'unsigned' | 'malformed' | 'twice' | 'unasked'

type Spoil = (bundle: Stanza) => Stanza[]

const SPOILS: Readonly<Record<BundleSpoil, Spoil>> = {
  unsigned: (bundle) => [
    replaceIn(bundle, 'skey', (skey) =>
      replaceIn(skey, 'signature', (each) => ({ ...each, content: Buffer.alloc(64, 7) })),
    ),
  ],
  malformed: (bundle) => [without(bundle, 'identity')],
  twice: (bundle) => [bundle, without(bundle, 'identity')],
  unasked: (bundle) => [
    { ...bundle, attrs: { ...bundle.attrs, jid: (bundle.attrs.jid ?? '').replace(/(:\d+)?@/, ':77@') } },
    bundle,
  ],
}

/** The entries of an answer that replace one bundle. */
export function spoilBundle(bundle: Stanza, spoil: BundleSpoil): Stanza[] {
  return SPOILS[spoil](bundle)
}

function without(parent: Stanza, tag: string): Stanza {
  const { content } = parent
  return Array.isArray(content) ? { ...parent, content: content.filter((each) => each.tag !== tag) } : parent
}

function replaceIn(parent: Stanza, tag: string, replace: (child: Stanza) => Stanza): Stanza {
  const { content } = parent
  if (!Array.isArray(content)) return parent
  return { ...parent, content: content.map((each) => (each.tag === tag ? replace(each) : each)) }
}
