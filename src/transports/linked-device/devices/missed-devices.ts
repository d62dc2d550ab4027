import { jidDecode, type proto, type WASocket } from '@whiskeysockets/baileys'
import { type SendPlan, sending } from '../outbound/sending.ts'
import { withDeadline } from '../../../timing/deadline.ts'

/** Where more are missing, the message is not repeated for all: a device that lacks it in a group asks for it. */
const MAX_MISSED = 20
const TIME_LIMIT_MS = 10_000

export interface SentMessage {
  socket: WASocket
  chat: string
  id: string
  message: proto.IMessage
  /** The devices that it went to. */
  plan: SendPlan
}

/**
 * Sends a message that WhatsApp took, under its id, to the devices that it did not go to. `planAnew` says which they are
 * now. Best effort: never rejects, and takes ten seconds at most.
 */
export async function reachMissedDevices(
  sent: SentMessage,
  planAnew: () => Promise<SendPlan>,
): Promise<void> {
  const reached = reach(sent, planAnew).catch(() => undefined)
  await withDeadline(reached, TIME_LIMIT_MS, () => undefined)
}

async function reach(
  { socket, chat, id, message, plan }: SentMessage,
  planAnew: () => Promise<SendPlan>,
): Promise<void> {
  const anew = await sending.run({ plan: null }, planAnew)
  const { me } = socket.authState.creds
  const own = new Set([jidDecode(me?.id)?.user, jidDecode(me?.lid)?.user])
  const had = new Set(addressesOf(plan))
  const missed = addressesOf(anew).filter((jid) => !had.has(jid))
  await sending.run({ plan: anew }, async () => {
    for (const jid of missed.slice(0, MAX_MISSED)) {
      // Our own devices get the chat that it belongs to; Baileys gives it only to those that it knows by number.
      const additionalAttributes: Record<string, string> = own.has(jidDecode(jid)?.user)
        ? { recipient: chat }
        : {}
      await socket.relayMessage(chat, message, {
        messageId: id,
        participant: { jid, count: 1 },
        additionalAttributes,
      })
    }
  })
}

function addressesOf({ devices }: SendPlan): string[] {
  return [...devices.values()].flatMap((each) => each.map(({ jid }) => jid))
}
