import fc from 'fast-check'
import { provenNumber, statedNumber } from '../../../../../src/messaging/identity.ts'
import { describe, expect, it } from 'vitest'
import {
  identifyAddress,
  identifySender,
  type KnownLids,
} from '../../../../../src/transports/linked-device/identity/sender-identity.ts'

const ALICE = '15550000002'
const ALICE_LID = '200'
const MALLORY = '15550000003'
const MALLORY_LID = '300'
const OWN = '15550000001'
const OWN_LID = '100'

const number = (digits: string): string => `${digits}@s.whatsapp.net`
const lid = (digits: string): string => `${digits}@lid`

/** A directory of these pairs: number to LID. */
function knows(pairs: Record<string, string>): KnownLids {
  const all: Record<string, string> = { ...pairs, [OWN]: OWN_LID }
  return {
    ownNumber: OWN,
    isChanged: () => false,
    lidOf: (digits) => all[digits] ?? null,
    numberOf: (digits) => Object.entries(all).find(([, known]) => known === digits)?.[0] ?? null,
  }
}

const NOTHING = knows({})
const BOTH = knows({ [ALICE]: ALICE_LID, [MALLORY]: MALLORY_LID })
const ONLY_ALICE = knows({ [ALICE]: ALICE_LID })
const ONLY_MALLORY = knows({ [MALLORY]: MALLORY_LID })

/** What becomes of it: proven, only said, or contradicted; and whose number it is. */
function judged(address: string, alternate: string | null, known: KnownLids): string {
  const identity = identifyAddress(address, alternate, known)
  if (identity === null) return 'nobody'
  const kind = identity.conflict ? 'conflict' : identity.claim === undefined ? 'proven' : 'claimed'
  return `${kind} ${(identity.conflict ? provenNumber(identity) : statedNumber(identity)) ?? 'unknown'}`
}

describe('who a sender is', () => {
  it.each<[string, string, string | null, KnownLids, string]>([
    ['a number alone', number(ALICE), null, NOTHING, `proven +${ALICE}`],
    ['a LID alone, unknown', lid(ALICE_LID), null, NOTHING, 'proven unknown'],
    ['a LID alone, known', lid(ALICE_LID), null, ONLY_ALICE, `proven +${ALICE}`],
    ['a LID whose digits are a number', lid(ALICE), null, BOTH, 'proven unknown'],
    ['a device of a LID', `${ALICE_LID}:7@lid`, number(ALICE), BOTH, `proven +${ALICE}`],
    ['both, known', lid(ALICE_LID), number(ALICE), BOTH, `proven +${ALICE}`],
    ['both by number, known', number(ALICE), lid(ALICE_LID), BOTH, `proven +${ALICE}`],
    ['both, unknown', lid(ALICE_LID), number(ALICE), NOTHING, `claimed +${ALICE}`],
    ['both by number, unknown', number(ALICE), lid(ALICE_LID), NOTHING, `proven +${ALICE}`],
    // The three ways to say that one is Alice.
    ['a number whose LID is another', lid(MALLORY_LID), number(ALICE), ONLY_ALICE, 'conflict unknown'],
    ['a LID whose number is another', lid(MALLORY_LID), number(ALICE), ONLY_MALLORY, `conflict +${MALLORY}`],
    ['both are known for others', lid(MALLORY_LID), number(ALICE), BOTH, `conflict +${MALLORY}`],
    ['a number with a LID of another', number(MALLORY), lid(ALICE_LID), ONLY_ALICE, `conflict +${MALLORY}`],
    ['a number whose LID is not this', number(ALICE), lid(MALLORY_LID), ONLY_ALICE, `conflict +${ALICE}`],
    // The account itself.
    ["the account's number, said by a LID", lid(MALLORY_LID), number(OWN), NOTHING, 'conflict unknown'],
    [
      "the account's number, where its LID is not known",
      lid(MALLORY_LID),
      number(OWN),
      { ownNumber: OWN, isChanged: () => false, lidOf: () => null, numberOf: () => null },
      'conflict unknown',
    ],
    ["the account's LID, said by a number", number(MALLORY), lid(OWN_LID), NOTHING, `conflict +${MALLORY}`],
    // No other name at all.
    ['nothing', lid(ALICE_LID), '', ONLY_ALICE, `proven +${ALICE}`],
    ['letters', lid(MALLORY_LID), 'alice@s.whatsapp.net', BOTH, `proven +${MALLORY}`],
    ['a server alone', lid(MALLORY_LID), '@s.whatsapp.net', BOTH, `proven +${MALLORY}`],
    ['a group', lid(MALLORY_LID), '120363@g.us', BOTH, `proven +${MALLORY}`],
    ['too many digits', lid(MALLORY_LID), number('1'.repeat(21)), BOTH, `proven +${MALLORY}`],
    ['another number', number(MALLORY), number(ALICE), BOTH, `proven +${MALLORY}`],
    ['another LID', lid(MALLORY_LID), lid(ALICE_LID), BOTH, `proven +${MALLORY}`],
    // Hosted devices belong to the same people.
    ['a hosted number', `${ALICE}:99@hosted`, null, NOTHING, `proven +${ALICE}`],
    ['a hosted LID', `${ALICE_LID}:99@hosted.lid`, null, ONLY_ALICE, `proven +${ALICE}`],
    ['a hosted other name', lid(MALLORY_LID), `${ALICE}:99@hosted`, ONLY_ALICE, 'conflict unknown'],
    ['a hosted other LID', number(MALLORY), `${ALICE_LID}:99@hosted.lid`, ONLY_ALICE, `conflict +${MALLORY}`],
    // No person.
    ['a group as sender', '120363@g.us', number(ALICE), BOTH, 'nobody'],
    ['a bot', '13135550002@bot', number(ALICE), BOTH, 'nobody'],
  ])('%s', (_what, address, alternate, known, expected) => {
    expect(judged(address, alternate, known)).toBe(expected)
  })

  it('takes the member of a group, and not the group', () => {
    const key = {
      remoteJid: '120363@g.us',
      participant: lid(MALLORY_LID),
      participantAlt: number(ALICE),
      remoteJidAlt: number(MALLORY),
    }
    const sender = identifySender(key, ONLY_ALICE)
    expect(sender).toMatchObject({ conflict: true })
    expect(sender).not.toHaveProperty('phoneNumber')
  })

  // Whatever an envelope says: without claim or conflict the number is the address's own, or the directory says it.
  it('never proves a number that neither the address nor the directory has', () => {
    const digits = fc.constantFrom(ALICE, MALLORY, OWN, ALICE_LID, MALLORY_LID, OWN_LID, '400')
    const server = fc.constantFrom('lid', 's.whatsapp.net', 'hosted', 'hosted.lid', 'g.us', 'bot', '')
    const device = fc.constantFrom('', ':1', ':99')
    const jid = fc.tuple(digits, device, server).map(([user, part, where]) => `${user}${part}@${where}`)
    const directory = fc.dictionary(
      fc.constantFrom(ALICE, MALLORY),
      fc.constantFrom(ALICE_LID, MALLORY_LID, '400'),
    )
    fc.assert(
      fc.property(
        jid,
        fc.oneof(jid, fc.string(), fc.constant(null)),
        directory,
        (address, alternate, pairs) => {
          const known = knows(pairs)
          const identity = identifyAddress(address, alternate, known)
          if (identity?.phoneNumber === undefined) return true
          const proven = identity.phoneNumber.value.slice(1)
          const user = address.split(/[:@]/)[0] ?? ''
          const isAddress = !address.includes('lid') && user === proven
          const isKnown = known.lidOf(proven) === user && address.includes('lid')
          return isAddress || isKnown
        },
      ),
      { numRuns: 3_000 },
    )
  })
})
