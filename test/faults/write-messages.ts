import { setTimeout as delay } from 'node:timers/promises'
import type { OutgoingMedia } from '../../src/simulator/phones/media/media-content.ts'
import type { SentMessage } from '../../src/simulator/phones/records.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import { questionFile } from './assistants/question-file.mjs'
import { type CastGroup, OWNER, type Person } from './cast.ts'
import type { Ledger } from './ledger.ts'
import type { PlannedMessage, Sequel } from './plan-message.ts'
import type { Place } from './question.ts'

const BEGINNING_CHARACTERS = 20

export interface Writing {
  simulator: Simulator
  ledger: Ledger
  /** Where a planned message is written; the assistant may not answer everywhere. */
  placeOf: (group: CastGroup | null) => Place
  /** Told of every message, edits and the like included. */
  sent: (id: string, what: string) => void
}

/** Writes planned messages, each at its time, and what becomes of them. Resolves when everything is written. */
export async function writeMessages(messages: readonly PlannedMessage[], writing: Writing): Promise<void> {
  const startedAt = performance.now()
  const busy: Promise<void>[] = []
  for (const message of messages) {
    await delay(Math.max(0, startedAt + message.afterMs - performance.now()))
    busy.push(writeOne(message, writing))
  }
  await Promise.all(busy)
}

async function writeOne(message: PlannedMessage, writing: Writing): Promise<void> {
  const { simulator, ledger, placeOf } = writing
  const { person, addressing, words, mentions, fileBytes, claims, sequel } = message
  const honestPlace = placeOf(message.group)
  const place = claims === null ? honestPlace : { ...honestPlace, isAnswered: false }
  const phone = phoneOf(simulator, person)
  const text = ledger.newText(person, place, words)
  const forged = claims === null ? {} : { claims: phoneOf(simulator, claims) }
  const group = place.chat === null ? undefined : simulator.group(place.chat)
  const options = {
    ...forged,
    ...(group === undefined ? { addressing } : mentions ? { mention: OWNER.phoneNumber } : {}),
  }
  const sent =
    fileBytes !== null
      ? await phone.sendMedia(group ?? OWNER.phoneNumber, fileWith(text, fileBytes), options)
      : group === undefined
        ? await phone.sendText(OWNER.phoneNumber, text, options)
        : await phone.sendGroupText(group, text, options)
  if (person.isAllowed && place.isAnswered) {
    ledger.reactions.mayGetOne(sent.id)
    ledger.programs.events.written(sent.id)
  } else {
    ledger.files.forbid(sent)
    ledger.programs.events.forbid(sent.id)
  }
  writing.sent(sent.id, text.slice(0, BEGINNING_CHARACTERS))
  if (sequel !== null) await follow(sequel, { text, sent, place }, writing)
}

/** A document whose words are those of its caption. */
function fileWith(text: string, length: number): OutgoingMedia {
  const data = questionFile(text, length)
  return { kind: 'document', data, name: 'words.txt', mimeType: 'text/plain', caption: text }
}

async function follow(
  { kind, by, afterMs }: Sequel,
  { text, sent, place }: { text: string; sent: SentMessage; place: Place },
  writing: Writing,
): Promise<void> {
  const { simulator, ledger } = writing
  await delay(afterMs)
  const phone = phoneOf(simulator, by)
  // What somebody passes off as the new text of another's is a text of his own, to which nobody owes an answer.
  const nowhere: Place = { ...place, isAnswered: false }
  const deeds: Readonly<Record<Sequel['kind'], () => Promise<SentMessage>>> = {
    edit: () => phone.edit(sent, ledger.editedText(text, 2)),
    revoke: () => {
      ledger.revoked(text)
      ledger.reactions.deleted(sent.id)
      ledger.programs.events.revoked(sent.id)
      return phone.revoke(sent)
    },
    react: () => phone.react(sent, '👍'),
    'forged-edit': async () => phone.edit(await seenBy(phone, sent), ledger.newText(by, nowhere, 2)),
    'forged-revoke': async () => phone.revoke(await seenBy(phone, sent)),
    'false-administrator': async () => phone.revoke(await seenBy(phone, sent), { as: 'administrator' }),
  }
  const { id } = await deeds[kind]()
  writing.sent(id, `${kind} of ${sent.id} by ${by.name}`)
}

/** A message as it stands on somebody else's phone. */
function seenBy(phone: SimulatedPhone, { id }: SentMessage): ReturnType<SimulatedPhone['waitForText']> {
  return phone.waitForText((message) => message.id === id)
}

function phoneOf(simulator: Simulator, { phoneNumber }: Person): SimulatedPhone {
  const phone = simulator.phone(phoneNumber)
  if (phone === undefined) throw new Error(`nobody has ${phoneNumber}`)
  return phone
}
