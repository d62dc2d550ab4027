import type { z } from 'zod'
import { didYouMean } from '../../../config/problems/did-you-mean.ts'
import { FOREIGN_KEYS, OWN_KEYS } from '../../../config/problems/foreign-keys.ts'
import { channelSettings } from '../../../config/settings/channel-settings.ts'
import { daemonSettings } from '../../../config/settings/daemon-settings.ts'
import { settingMeta } from '../../../config/settings/setting.ts'
import { CommandFailure } from '../../command-failure.ts'
import { COUNTED_KEYS } from './counted-keys.ts'
import { wrapWords } from '../../wrap-words.ts'

const PLACES: readonly (readonly [place: string, settings: Readonly<Record<string, z.ZodType>>])[] = [
  ['channels.whatsapp', channelSettings],
  ['whatsappd', daemonSettings],
]

/** What a key does that is not in the file, in lines of 80 columns; also one of another tool. Throws `CommandFailure` for an unknown one. */
export function explainKey(key: string): string[] {
  const name = key.split('.').at(-1) ?? key
  for (const [place, settings] of PLACES) {
    const schema = Object.hasOwn(settings, name) ? settings[name] : undefined
    const meta = schema === undefined ? undefined : settingMeta(schema)
    if (meta === undefined) continue
    const value = 'default' in meta ? `default ${JSON.stringify(meta.default)}` : 'no default'
    return [
      `${place}.${name}: not in the file; ${value}`,
      ...wrapWords(meta.description, '    '),
      ...wrapWords(`Example: ${JSON.stringify(meta.example)}`, '    '),
    ]
  }
  const counted = Object.hasOwn(COUNTED_KEYS, name) ? COUNTED_KEYS[name] : undefined
  if (counted !== undefined) return wrapWords(`${name}: not in the file. ${counted}`, '', 2)
  const own = OWN_KEYS.get(name)
  if (own !== undefined)
    return wrapWords(`${name}: a key of another tool that is refused here. The key of ours is ${own}.`, '', 2)
  const advice = FOREIGN_KEYS.get(name)
  if (advice !== undefined)
    return wrapWords(`${name}: a key of another tool that has no use here. ${advice}`.trim(), '', 2)
  const meant = didYouMean(
    name,
    PLACES.flatMap(([, settings]) => Object.keys(settings)),
  )
  throw new CommandFailure(
    `${key} is not in the file, and no setting${meant === null ? '; docs/config.md lists them' : `; did you mean ${meant}?`}`,
  )
}
