import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { proto, type WAMessage } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import { KnownPolls } from '../../../../../src/transports/linked-device/polls/known-polls.ts'
import { pollOfMessage } from '../../../../../src/transports/linked-device/polls/poll-of-message.ts'
import { readVote } from '../../../../../src/transports/linked-device/polls/read-vote.ts'

const ME = { id: '15550000001:3@s.whatsapp.net', lid: '77000001:3@lid' }
const ANN = { number: '15550001111@s.whatsapp.net', lid: '9000000000001@lid' }
const SECRET = randomBytes(32)
const known = { lidOf: () => null, numberOf: () => null, ownNumber: '15550000001', isChanged: () => false }

/** As phones encrypt it (whatsmeow `msgsecret.go`), with Node's own cryptography. */
function encrypted(
  plaintext: Uint8Array,
  o: { use: string; id: string; author: string; voter: string; secret?: Buffer },
): { encPayload: Uint8Array; encIv: Uint8Array } {
  const hmac = (key: Uint8Array, data: Uint8Array): Buffer => createHmac('sha256', key).update(data).digest()
  const info = Buffer.concat([Buffer.from(o.id + o.author + o.voter + o.use), Buffer.from([1])])
  const key = hmac(hmac(Buffer.alloc(32), o.secret ?? SECRET), info)
  const encIv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, encIv).setAAD(Buffer.from(`${o.id}\0${o.voter}`))
  const body = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
  return { encPayload: body, encIv }
}

const hashOf = (option: string): Uint8Array => createHash('sha256').update(option).digest()

describe('votes and answers', () => {
  let directory = ''
  let database: Database
  let polls: KnownPolls
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'polls-'))
    database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
    polls = new KnownPolls(database)
  })
  afterEach(() => {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  })

  const keep = (key: WAMessage['key'], message: proto.IMessage): void => {
    const poll = pollOfMessage({ key, message }, ME)
    if (poll !== null) polls.keep(poll)
  }
  const lunch = {
    messageContextInfo: { messageSecret: SECRET },
    pollCreationMessage: { name: 'Lunch?', options: [{ optionName: 'Pizza' }, { optionName: 'Soup' }] },
  }
  const fromAnn = { remoteJid: ANN.lid, remoteJidAlt: ANN.number, fromMe: false, id: 'V' }
  const vote = (chosen: string[], author: string, voter: string, secret = SECRET): proto.IMessage => ({
    pollUpdateMessage: {
      pollCreationMessageKey: { id: 'P' },
      vote: encrypted(
        proto.Message.PollVoteMessage.encode({ selectedOptions: chosen.map(hashOf) }).finish(),
        { use: 'Poll Vote', id: 'P', author, voter, secret },
      ),
    },
  })
  const read = (message: proto.IMessage, key: WAMessage['key'] = fromAnn): unknown =>
    readVote({ key, message }, message, { me: ME, known, polls })

  it.each([
    ['by numbers', '15550000001@s.whatsapp.net', ANN.number],
    ['by LIDs', '77000001@lid', ANN.lid],
    ['by one of each', '15550000001@s.whatsapp.net', ANN.lid],
  ])('in our own poll are read where the phone knows both sides %s', (_how, author, voter) => {
    keep({ remoteJid: ANN.lid, fromMe: true, id: 'P' }, lunch)
    expect(read(vote(['Soup', 'Pizza'], author, voter))).toEqual({
      kind: 'message',
      parts: [
        {
          kind: 'text',
          text: '[vote] Lunch?: Pizza, Soup',
          details: [{ type: 'vote', pollId: 'P', question: 'Lunch?', choices: ['Pizza', 'Soup'] }],
        },
      ],
      quoted: { id: 'P', text: null, what: 'poll', author: '+15550000001' },
    })
  })

  it('are read in the poll of somebody else in a group, after a restart, and taken back', () => {
    const group = '120363000000000001@g.us'
    keep({ remoteJid: group, participant: '15550002222:4@s.whatsapp.net', fromMe: false, id: 'P' }, lunch)
    polls = new KnownPolls(database)
    const key = { remoteJid: group, participant: ANN.lid, participantAlt: ANN.number, fromMe: false, id: 'V' }
    const message = vote([], '15550002222@s.whatsapp.net', ANN.number)
    expect(read(message, key)).toMatchObject({
      parts: [{ text: '[vote taken back] Lunch?', details: [{ choices: [] }] }],
      quoted: { author: '+15550002222' },
    })
  })

  it('are nothing where the poll is not known, the secret is another one, or somebody else voted', () => {
    expect(read(vote(['Soup'], ME.id, ANN.number))).toBeNull()
    keep({ remoteJid: ANN.lid, fromMe: true, id: 'P' }, lunch)
    const author = '15550000001@s.whatsapp.net'
    expect(read(vote(['Soup'], author, ANN.number, randomBytes(32)))).toBeNull()
    expect(read(vote(['Soup'], author, '15550009999@s.whatsapp.net'))).toBeNull()
    expect(read({ pollUpdateMessage: { pollCreationMessageKey: { id: 'P' }, vote: {} } })).toBeNull()
  })

  it('are read in an event', () => {
    const event = { messageContextInfo: { messageSecret: SECRET }, eventMessage: { name: 'Party' } }
    keep({ remoteJid: ANN.lid, remoteJidAlt: ANN.number, fromMe: false, id: 'E' }, event)
    const { GOING } = proto.Message.EventResponseMessage.EventResponseType
    const answer = proto.Message.EventResponseMessage.encode({ response: GOING, extraGuestCount: 2 }).finish()
    const message = {
      encEventResponseMessage: {
        eventCreationMessageKey: { id: 'E' },
        ...encrypted(answer, { use: 'Event Response', id: 'E', author: ANN.lid, voter: ANN.lid }),
      },
    }
    expect(read(message)).toMatchObject({
      parts: [
        {
          text: '[answer to the event] Party: going, with 2 more',
          details: [{ type: 'attendance', eventId: 'E', answer: 'going', guests: 2 }],
        },
      ],
    })
  })

  it('are known for a bounded number of polls, and for secrets alone that can be some', () => {
    for (let index = 0; index < 2_100; index += 1)
      polls.keep({
        messageId: `P${index}`,
        kind: 'poll',
        secret: SECRET,
        title: '',
        options: [],
        authors: ['a'],
      })
    expect(polls.find('P99', 'poll')).toEqual([])
    expect(polls.find('P100', 'poll')).toHaveLength(1)
    polls.keep({
      messageId: 'short',
      kind: 'poll',
      secret: randomBytes(16),
      title: '',
      options: [],
      authors: ['a'],
    })
    expect(polls.find('short', 'poll')).toEqual([])
  })
})
