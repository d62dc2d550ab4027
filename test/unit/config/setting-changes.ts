import fc from 'fast-check'
import { isPrintable } from '../../../src/protocol/text/printable.ts'
import type { SettingChange } from '../../../src/config/edit/edit-settings.ts'

const number = fc.integer({ min: 100, max: 106 }).map((digits) => `+15555550${digits}`)
const jid = fc.constantFrom('*', '120363000000000000@g.us', '120363000000000009@g.us')
const words = fc.oneof(
  fc.string({ maxLength: 12, unit: 'grapheme' }),
  fc.constantFrom('it\'s "so"', '\u2028', '\\', '*/ // {', '</script>', "'", '\n\t', '😀'),
)
/** What may be a name: one printable line. */
const name = words.filter(isPrintable)
const emoji = fc.constantFrom('', '👀', 'eyes', ':+1:', '👩‍🚀', 'Thumbs Up')
const member = fc.record({ agent: fc.constantFrom('echo'), name }, { requiredKeys: [] })
const group = fc.record({ requireMention: fc.boolean(), agent: fc.constant('echo') }, { requiredKeys: [] })

/** Values that fit, for every kind of setting that a dashboard may edit. */
const VALUES: readonly [path: fc.Arbitrary<string[]>, value: fc.Arbitrary<unknown>][] = [
  [fc.constant(['name']), name],
  [fc.constant(['enabled']), fc.boolean()],
  [fc.constant(['typing']), fc.boolean()],
  [fc.constant(['messagePrefix']), words],
  [fc.constant(['textChunkLimit']), fc.integer({ min: 100, max: 60_000 })],
  [fc.constant(['mediaMaxMb']), fc.double({ min: 0.1, max: 2_000, noNaN: true })],
  [fc.constant(['chunkMode']), fc.constantFrom('length', 'newline')],
  [fc.constant(['allowFrom']), fc.array(number, { maxLength: 5 })],
  [
    fc.constant(['groupAllowFrom']),
    fc.array(
      fc.oneof(
        number,
        jid.filter((each) => each !== '*'),
      ),
      { maxLength: 4 },
    ),
  ],
  [fc.constant(['pace']), fc.record({ perMinute: fc.integer({ min: 1, max: 99 }) })],
  [fc.constant(['pace', 'perHour']), fc.integer({ min: 1, max: 999 })],
  [fc.constant(['catchUp', 'maxAgeMinutes']), fc.nat(1_000)],
  [
    fc.constant(['ackReaction']),
    fc.record(
      { emoji, direct: fc.boolean(), group: fc.constantFrom('mentions', 'never') },
      { requiredKeys: [] },
    ),
  ],
  [fc.constant(['ackReaction', 'emoji']), emoji],
  [fc.constant(['senders']), fc.dictionary(number, member, { maxKeys: 3 })],
  [number.map((each) => ['senders', each]), member],
  [number.map((each) => ['senders', each, 'name']), name],
  [fc.constant(['groups']), fc.dictionary(jid, group, { maxKeys: 3 })],
  [jid.map((each) => ['groups', each, 'requireMention']), fc.boolean()],
]

/** A change of one setting, of the whole channel or of one of these accounts. */
export function settingChange(accounts: readonly string[]): fc.Arbitrary<SettingChange> {
  const account = fc.option(fc.constantFrom(...accounts), { nil: undefined })
  return fc.constantFrom(...VALUES).chain(([path, value]) =>
    fc.record({ account, path, value: fc.option(value, { nil: undefined, freq: 4 }) }).map((each) => {
      const place = { path: each.path, ...(each.account === undefined ? {} : { account: each.account }) }
      return each.value === undefined ? { ...place, unset: true } : { ...place, value: each.value }
    }),
  )
}
