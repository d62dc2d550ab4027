import { S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import type { Account } from './account.ts'
import type { Stanza } from '../wire/stanza.ts'
import { stanza } from '../wire/stanza.ts'

/** A person and a channel that the account follows; neither ever writes a message. */
const FOLLOWED = '900000000000001@lid'
const CHANNEL = '120363900000000001@newsletter'
const CIPHERTEXT_BYTES = 96

export interface Occasion {
  account: Account
  id: string
  /** Seconds since the epoch. */
  t: string
  random: (size: number) => Buffer
}

type Make = (occasion: Occasion) => Stanza

const notification =
  (type: string, content: (occasion: Occasion) => Stanza[] | undefined, from?: string): Make =>
  (occasion) =>
    stanza(
      'notification',
      { from: from ?? S_WHATSAPP_NET, type, id: occasion.id, t: occasion.t },
      content(occasion),
    )

const ofAccount =
  (type: string, content: (occasion: Occasion) => Stanza[] | undefined): Make =>
  (occasion) =>
    notification(type, content, occasion.account.lid)(occasion)

const call =
  (kind: 'offer' | 'terminate'): Make =>
  ({ id, t }) =>
    stanza('call', { from: FOLLOWED, id, t, notify: 'Somebody' }, [
      stanza(kind, { 'call-id': `CALL${id.slice(0, 8)}`, 'call-creator': FOLLOWED, from: FOLLOWED }, [
        stanza('audio', { enc: 'opus', rate: '16000' }),
      ]),
    ])

/** A person's status update, with the tag that WhatsApp uses since July 2026. */
export const statusUpdate: Make = ({ id, t, random }) =>
  stanza('status', { from: 'status@broadcast', participant: FOLLOWED, id, t, type: 'text' }, [
    stanza('enc', { v: '2', type: 'skmsg' }, random(CIPHERTEXT_BYTES)),
  ])

/**
 * Stanzas that a linked device receives every day besides messages, one kind after the other. It must acknowledge each
 * one and do nothing else. Sources: whatsmeow `notification.go`, `call.go`; whatsapp-rust.
 */
export const EVERYDAY: readonly Make[] = [
  statusUpdate,
  ofAccount('account_sync', ({ account, t }) => [
    stanza('devices', { dhash: '2:simulated' }, [
      ...account.devices.map(({ deviceId }) =>
        stanza('device', {
          jid: account.deviceJid('lid', deviceId),
          'key-index': String(deviceId),
        }),
      ),
      stanza('key-index-list', { ts: t }),
    ]),
  ]),
  notification('server_sync', () => [stanza('collection', { name: 'regular_low', version: '1' })]),
  // A message in the older form: ignored, and acknowledged all the same.
  ({ id, t, random }) =>
    stanza('message', { from: 'status@broadcast', participant: FOLLOWED, id, t, type: 'media' }, [
      stanza('enc', { v: '2', type: 'skmsg' }, random(CIPHERTEXT_BYTES)),
    ]),
  notification('devices', () => [stanza('update', { hash: 'simulated' })], FOLLOWED),
  ({ id }) => stanza('survey', { from: S_WHATSAPP_NET, id }),
  call('offer'),
  call('terminate'),
  notification('newsletter', () => [stanza('live_updates')], CHANNEL),
  notification('mex', () => [
    stanza('update', { op_name: 'NotificationUserSettingChange' }, Buffer.from('{}')),
  ]),
  notification('picture', () => [stanza('delete')], FOLLOWED),
  notification('status', () => [stanza('set', {}, Buffer.from('on the road'))], FOLLOWED),
  notification('business', () => [stanza('remove', { jid: FOLLOWED })]),
  notification('psa', () => undefined),
  ofAccount('account_sync', () => [stanza('privacy')]),
  notification('privacy_token', () => [stanza('tokens')], FOLLOWED),
  notification('devices', () => [stanza('remove', { device_hash: '2:simulated' })], FOLLOWED),
  notification('contacts', () => [stanza('sync', { after: '1795000000' })]),
  notification('disappearing_mode', () => [stanza('disappearing_mode', { duration: '0', t: '1795000000' })]),
  // Somebody set their phone up again: their next message begins a new session.
  notification('encrypt', () => [stanza('identity')], FOLLOWED),
  ofAccount('account_sync', () => [stanza('blocklist', { dhash: '1', action: 'modify' })]),
  ofAccount('account_sync', () => [stanza('picture')]),
  notification('fbid:devices', () => [stanza('update', { hash: 'simulated' })]),
  notification('server', () => undefined),
  notification('pay', () => [stanza('transaction')]),
  notification('hosted', () => undefined, `${FOLLOWED.split('@')[0] ?? ''}:99@hosted.lid`),
  ({ id, random }) =>
    stanza('status', { from: CHANNEL, id, type: 'text' }, [
      stanza('plaintext', {}, random(CIPHERTEXT_BYTES)),
    ]),
  notification('unheard-of', () => [stanza('whatever')]),
  ({ id, t, random }) =>
    stanza('message', { from: CHANNEL, id, t, type: 'text', server_id: '100' }, [
      stanza('plaintext', {}, random(CIPHERTEXT_BYTES)),
    ]),
]
