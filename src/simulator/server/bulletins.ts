import type { Environment } from './environment.ts'
import { type Stanza, stanza } from '../wire/stanza.ts'

const DAY_SECONDS = 86_400

/**
 * What WhatsApp says in `<ib>` at the end of a backlog, besides what a client acts on: that the urgent part of it is over, when each
 * chat was read last, which terms wait for consent, until when this build is taken. None is answered. Sources: zapo
 * `WaIncomingNodeCoordinator`, whatsapp-rust, Cobalt `InfoBulletinStreamHandler`; their attributes are inferred.
 */
export function bulletins({ now }: Pick<Environment, 'now'>): Stanza[] {
  const seconds = Math.floor(now() / 1000)
  return [
    stanza('priority_offline_complete'),
    stanza('thread_metadata', {}, [
      stanza('item', { jid: '0@s.whatsapp.net', t: String(seconds - DAY_SECONDS) }),
    ]),
    stanza('tos', {}, [stanza('notice', { id: '20230902', t: String(seconds) })]),
    stanza('client_expiration', { t: String(seconds + 30 * DAY_SECONDS) }),
    stanza('recovery_nonce'),
    stanza('unheard-of'),
  ]
}
