import {
  isHostedLidUser,
  isHostedPnUser,
  isLidUser,
  isPnUser,
  jidDecode,
  type WAMessageKey,
} from '@whiskeysockets/baileys'
import type { IdentityPart, SenderIdentity } from '../../../messaging/identity.ts'
import type { LidDirectory } from './lid-directory.ts'

/** What WhatsApp's directory answered, in both directions; digits. */
export type KnownLids = Pick<LidDirectory, 'lidOf' | 'numberOf' | 'ownNumber' | 'isChanged'>

/** One of the two names of a person, without device and server. */
type Name = { kind: 'lid' | 'number'; digits: string }

/**
 * Who wrote a message. The address is what WhatsApp delivers from, and proves itself; the other name that the envelope
 * gives is a claim, which counts only where the directory says the same. `null` for addresses that are no person
 * (bots, broadcasts).
 */
export function identifySender(key: WAMessageKey, known: KnownLids): SenderIdentity | null {
  // In a 1:1 chat some servers leave `participant` empty instead of leaving it out.
  const address = key.participant || key.remoteJid
  const alternate = key.participant ? key.participantAlt : key.remoteJidAlt
  return address ? identifyAddress(address, alternate ?? null, known) : null
}

/** The same for a bare address, with the other name of it where the envelope carried one. */
export function identifyAddress(
  address: string,
  alternate: string | null,
  known: KnownLids,
): SenderIdentity | null {
  const name = nameOf(address)
  if (name === null) return null
  const other = alternate === null ? null : nameOf(alternate)
  const identity = noted(provenIdentity(name, address, known), known)
  // A second name of the same kind is none: two numbers, or two LIDs, are two people, and the address is the sender's.
  if (other === null || other.kind === name.kind) return identity
  const [lid, number] = name.kind === 'lid' ? [name.digits, other.digits] : [other.digits, name.digits]
  if (known.lidOf(number) === lid) return noted(withNames(identity, name, { lid, number }), known)
  const claim = {
    alternate: other.kind === 'lid' ? `${lid}@lid` : `${number}@s.whatsapp.net`,
    phoneNumber: `+${number}`,
  }
  const isContradicted =
    known.lidOf(number) !== null ||
    known.numberOf(lid) !== null ||
    (name.kind === 'lid' && number === known.ownNumber)
  if (isContradicted) return { ...identity, conflict: true, claim }
  // Nothing is known of either name. A number that is the address needs no proof, whatever LID it comes with.
  return name.kind === 'number' ? identity : { ...identity, claim }
}

/** The numbers, digits, that WhatsApp has to be asked for before a claim about this address can be judged. */
export function numbersInQuestion(address: string, alternate: string | null, known: KnownLids): string[] {
  const names = [nameOf(address), alternate === null ? null : nameOf(alternate)]
  const numbers = names.flatMap((name) => {
    if (name === null) return []
    const number = name.kind === 'number' ? name.digits : known.numberOf(name.digits)
    return number === null || number === known.ownNumber ? [] : [number]
  })
  return [...new Set(numbers)]
}

/** A business that WhatsApp hosts writes from an address of its own kind; it is the same person. */
function nameOf(jid: string): Name | null {
  const isNumber = isPnUser(jid) === true || isHostedPnUser(jid) === true
  if (!isNumber && isLidUser(jid) !== true && isHostedLidUser(jid) !== true) return null
  const digits = jidDecode(jid)?.user
  if (digits === undefined || !/^\d{1,20}$/.test(digits)) return null
  return { kind: isNumber ? 'number' : 'lid', digits }
}

function provenIdentity(name: Name, address: string, known: KnownLids): SenderIdentity {
  const [lid, number] =
    name.kind === 'lid' ? [name.digits, known.numberOf(name.digits)] : [known.lidOf(name.digits), name.digits]
  return withNames({ address, displayName: null, conflict: false }, name, { lid, number })
}

/** Both are proven: that which is the address by itself, the other by the directory. */
function withNames(
  identity: SenderIdentity,
  { kind }: Name,
  { lid, number }: { lid: string | null; number: string | null },
): SenderIdentity {
  const part = (value: string, isAddress: boolean): IdentityPart => ({
    value,
    proof: isAddress ? 'address' : 'directory',
  })
  return {
    ...identity,
    ...(number === null ? {} : { phoneNumber: part(`+${number}`, kind === 'number') }),
    ...(lid === null ? {} : { lid: part(lid, kind === 'lid') }),
  }
}

function noted(identity: SenderIdentity, known: KnownLids): SenderIdentity {
  const number = identity.phoneNumber?.value.slice(1)
  return number !== undefined && known.isChanged(number) ? { ...identity, changed: true } : identity
}
