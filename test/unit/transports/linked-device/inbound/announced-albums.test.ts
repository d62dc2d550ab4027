import { proto, type WAMessageKey } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import { AnnouncedAlbums } from '../../../../../src/transports/linked-device/inbound/announced-albums.ts'
import { toIncomingMessage } from '../../../../../src/transports/linked-device/inbound/inbound.ts'

const ME = { id: '15550000001:3@s.whatsapp.net', lid: '77000001:3@lid' }
const GROUP = '120363000000000001@g.us'
const OTHER_GROUP = '120363000000000002@g.us'
const ALICE = '15550000002@s.whatsapp.net'
const MALLORY = '15550000003@s.whatsapp.net'
const known = { lidOf: () => null, numberOf: () => null, ownNumber: '15550000001', isChanged: () => false }

const announce = (albums: AnnouncedAlbums, key: WAMessageKey, isForUs = true): void =>
  albums.learn(
    {
      key,
      message: {
        albumMessage: {
          expectedImageCount: 2,
          ...(isForUs && { contextInfo: { mentionedJid: ['15550000001@s.whatsapp.net'] } }),
        },
      },
    },
    ME,
  )

/** A picture of the album `A` of this sender. */
const picture = (albums: AnnouncedAlbums, { participant, ...key }: WAMessageKey) =>
  toIncomingMessage(
    {
      key: { ...key, id: 'P', ...(participant && { participant }) },
      message: {
        imageMessage: { mimetype: 'image/jpeg' },
        messageContextInfo: {
          messageAssociation: {
            associationType: proto.MessageAssociation.AssociationType.MEDIA_ALBUM,
            parentMessageKey: { remoteJid: GROUP, id: 'A' },
          },
        },
      },
      messageTimestamp: 1_790_000_000,
    },
    { me: ME, known, polls: { find: () => [] }, albums, arrival: 'live' },
  )

describe('an album', () => {
  const byAlice = { remoteJid: GROUP, participant: ALICE, id: 'A' }

  it('mentions the account for its pictures, and says how many they are', () => {
    const albums = new AnnouncedAlbums()
    announce(albums, { ...byAlice, participant: '15550000002:7@s.whatsapp.net' })
    expect(picture(albums, byAlice)).toMatchObject({
      mentionsUs: true,
      content: { album: { id: 'A', size: 2 } },
    })
  })

  /** Its id is no secret in a group: anybody there could have the assistant answer pictures that were for the others. */
  it.each([
    ['another member', { remoteJid: GROUP, participant: MALLORY, id: 'A' }],
    ['the same person in another group', { remoteJid: OTHER_GROUP, participant: ALICE, id: 'A' }],
    ['the owner', { remoteJid: GROUP, participant: ALICE, fromMe: true, id: 'A' }],
  ])('of which %s announced the id is not known', (_who, key) => {
    const albums = new AnnouncedAlbums()
    announce(albums, key)
    expect(picture(albums, byAlice)).toMatchObject({ mentionsUs: false, content: { album: { size: null } } })
    announce(albums, byAlice, false)
    announce(albums, key)
    expect(picture(albums, byAlice)).toMatchObject({ mentionsUs: false, content: { album: { size: 2 } } })
  })

  it('is forgotten when 500 newer ones were announced', () => {
    const albums = new AnnouncedAlbums()
    announce(albums, byAlice)
    for (let each = 0; each < 499; each += 1) announce(albums, { ...byAlice, id: String(each) })
    expect(albums.find(byAlice, 'A')).toBeDefined()
    announce(albums, { ...byAlice, id: 'newest' })
    expect(albums.find(byAlice, 'A')).toBeUndefined()
  })
})
