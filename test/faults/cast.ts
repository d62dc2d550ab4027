import type { PhoneOptions } from '../../src/simulator/simulator.ts'
import type { AddressingMode } from '../../src/simulator/server/account.ts'

/** Somebody who writes to the assistant. Numbers are fictional. */
export interface Person extends PhoneOptions {
  /** What this person's words begin with. */
  letter: string
  /** How their chat names people; some change from time to time. */
  writesBy: readonly AddressingMode[]
  isAllowed: boolean
}

/** The account that the assistant is linked to; writes to itself now and then. */
export const OWNER: Person = {
  phoneNumber: '+15550200000',
  name: 'Olga',
  letter: 'O',
  writesBy: ['lid'],
  isAllowed: true,
}

const contact = (
  phoneNumber: string,
  name: string,
  writesBy: readonly AddressingMode[],
  addressing: PhoneOptions['addressing'] = 'both',
): Person => ({ phoneNumber, name, letter: name.charAt(0), writesBy, addressing, isAllowed: true })

const stranger = (phoneNumber: string, name: string, addressing: PhoneOptions['addressing']): Person => ({
  ...contact(phoneNumber, name, ['lid'], addressing),
  isAllowed: false,
})

/** Six people who may talk, in every way that WhatsApp names people. */
export const CONTACTS: readonly Person[] = [
  contact('+15550200001', 'Anna', ['lid']),
  contact('+15550200002', 'Boris', ['lid']),
  contact('+15550200003', 'Clara', ['pn']),
  contact('+15550200004', 'Dario', ['lid', 'pn']),
  contact('+15550200005', 'Edith', ['pn'], 'phone-only'),
  contact('+15550200006', 'Felix', ['pn'], 'phone-only'),
]

/** Nobody may learn from the assistant that it is there; of one of them WhatsApp tells no number. */
export const STRANGERS: readonly Person[] = [
  stranger('+15550200007', 'Xaver', 'both'),
  stranger('+15550200008', 'Yanis', 'lid-only'),
]

export const EVERYBODY: readonly Person[] = [OWNER, ...CONTACTS, ...STRANGERS]

/** Where people meet. Only in some of them the assistant answers, and there only those who may talk to it. */
export interface CastGroup {
  subject: string
  /** The first one made the group. The assistant's own phone is in each. */
  members: readonly Person[]
  addressing: AddressingMode
  isAllowed: boolean
}

const named = (name: string): Person => {
  const person = [...CONTACTS, ...STRANGERS].find((each) => each.name === name)
  if (person === undefined) throw new Error(`nobody is called ${name}`)
  return person
}

export const GROUPS: readonly CastGroup[] = [
  {
    subject: 'Family',
    members: ['Anna', 'Boris', 'Clara', 'Xaver'].map(named),
    addressing: 'lid',
    isAllowed: true,
  },
  { subject: 'Team', members: ['Clara', 'Dario', 'Xaver'].map(named), addressing: 'pn', isAllowed: true },
  {
    subject: 'Elsewhere',
    members: ['Boris', 'Dario', 'Yanis'].map(named),
    addressing: 'lid',
    isAllowed: false,
  },
  // Whoever has no LID can be sent keys only by an assistant that asks WhatsApp for them in good time.
  {
    subject: 'Old friends',
    members: ['Edith', 'Felix', 'Xaver'].map(named),
    addressing: 'pn',
    isAllowed: true,
  },
]
