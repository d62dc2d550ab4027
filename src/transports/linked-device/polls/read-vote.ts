import { createHash } from 'node:crypto'
import {
  type Contact,
  decryptEventResponse,
  decryptPollVote,
  proto,
  type WAMessage,
} from '@whiskeysockets/baileys'
import type { ContentPart, IncomingContent } from '../../../messaging/content.ts'
import { provenNumber } from '../../../messaging/identity.ts'
import { joined, line } from '../../../text/description/part-texts.ts'
import { countOf } from '../inbound/description/wire-numbers.ts'
import { isOurs } from '../inbound/owner-stanza.ts'
import { identifyAddress, type KnownLids } from '../identity/sender-identity.ts'
import type { KnownPoll, KnownPolls } from './known-polls.ts'
import { writersOf } from './poll-of-message.ts'

export interface VoteContext {
  me: Contact
  known: KnownLids
  polls: Pick<KnownPolls, 'find'>
}

interface Encrypted {
  encPayload: Uint8Array
  encIv: Uint8Array
}

const { GOING, NOT_GOING, MAYBE } = proto.Message.EventResponseMessage.EventResponseType
const RESPONSES: Readonly<Record<number, 'going' | 'notGoing' | 'maybe'>> = {
  [GOING]: 'going',
  [NOT_GOING]: 'notGoing',
  [MAYBE]: 'maybe',
}
const RESPONSE_WORDS = { going: 'going', notGoing: 'not going', maybe: 'maybe' } as const

/**
 * A vote in a poll, or an answer to an event, as a message that quotes it; `null` for every other message, and where the poll is not known
 * or the vote was not made with its secret.
 */
export function readVote(
  { key }: WAMessage,
  { pollUpdateMessage, encEventResponseMessage }: proto.IMessage,
  context: VoteContext,
): IncomingContent | null {
  const votes = encryptedIn(pollUpdateMessage?.vote)
  const pollId = pollUpdateMessage?.pollCreationMessageKey?.id
  const voters = writersOf(key, context.me)
  if (votes !== null && pollId) {
    return firstOf(context.polls.find(pollId, 'poll'), voters, (poll, author, voter) => {
      const { selectedOptions } = decryptPollVote(votes, {
        pollCreatorJid: author,
        pollMsgId: poll.messageId,
        pollEncKey: poll.secret,
        voterJid: voter,
      })
      return toContent(poll, votePart(poll, selectedOptions ?? []), context)
    })
  }
  const answers = encryptedIn(encEventResponseMessage)
  const eventId = encEventResponseMessage?.eventCreationMessageKey?.id
  if (answers === null || !eventId) return null
  return firstOf(context.polls.find(eventId, 'event'), voters, (event, author, voter) => {
    const answer = decryptEventResponse(answers, {
      eventCreatorJid: author,
      eventMsgId: event.messageId,
      eventEncKey: event.secret,
      responderJid: voter,
    })
    const part = answerPart(event, answer)
    return part === null ? null : toContent(event, part, context)
  })
}

function encryptedIn(value: proto.Message.IPollEncValue | null | undefined): Encrypted | null {
  const { encPayload, encIv } = value ?? {}
  return encPayload?.length && encIv?.length ? { encPayload, encIv } : null
}

/** The cipher shows which poll was meant, and under which of their addresses the phone knows both sides. */
function firstOf(
  polls: readonly KnownPoll[],
  voters: readonly string[],
  read: (poll: KnownPoll, author: string, voter: string) => IncomingContent | null,
): IncomingContent | null {
  for (const poll of polls)
    for (const author of poll.authors)
      for (const voter of voters) {
        try {
          return read(poll, author, voter)
        } catch {
          // Not made with these.
        }
      }
  return null
}

function votePart({ messageId, title, options }: KnownPoll, chosen: readonly Uint8Array[]): ContentPart {
  const hashes = new Set(chosen.map((hash) => Buffer.from(hash).toString('hex')))
  const choices = options
    .filter((option) => hashes.has(createHash('sha256').update(option).digest('hex')))
    .map(line)
  const text =
    choices.length === 0
      ? joined('[vote taken back]', [title])
      : `${joined('[vote]', [title])}: ${choices.join(', ')}`
  return {
    kind: 'text',
    text,
    details: [{ type: 'vote', pollId: messageId, question: title || null, choices }],
  }
}

function answerPart(
  { messageId, title }: KnownPoll,
  { response, extraGuestCount }: proto.Message.IEventResponseMessage,
): ContentPart | null {
  const answer = RESPONSES[response ?? 0]
  if (answer === undefined) return null
  const guests = countOf(extraGuestCount) ?? 0
  const more = guests === 0 ? '' : `, with ${guests} more`
  const text = `${joined('[answer to the event]', [title])}: ${RESPONSE_WORDS[answer]}${more}`
  return { kind: 'text', text, details: [{ type: 'attendance', eventId: messageId, answer, guests }] }
}

function toContent(
  { messageId, kind, authors }: KnownPoll,
  part: ContentPart,
  { me, known }: VoteContext,
): IncomingContent {
  const [address = ''] = authors
  const author = identifyAddress(isOurs(address, me) ? me.id : address, null, known)
  const name = author === null ? null : (provenNumber(author) ?? author.address)
  return { kind: 'message', parts: [part], quoted: { id: messageId, text: null, what: kind, author: name } }
}
