import { isPnUser, jidDecode, USyncQuery, USyncUser } from '@whiskeysockets/baileys'
import type { AskingSocket } from './lid-inquiry.ts'

/** Which of these numbers, E.164, WhatsApp has somebody for, in the form in which it knows them; `null` where it did not answer. */
export async function knownNumbers(
  socket: AskingSocket,
  numbers: readonly string[],
): Promise<Set<string> | null> {
  const query = new USyncQuery().withContactProtocol()
  for (const number of numbers) query.withUser(new USyncUser().withPhone(number))
  // Baileys answers a question that was refused, or ran out of time, with nothing.
  const answer = await socket.executeUSyncQuery(query)
  if (answer === undefined) return null
  const known = answer.list.flatMap(({ id, contact }) => {
    const digits = contact === true && isPnUser(id) === true ? jidDecode(id)?.user : undefined
    return digits === undefined ? [] : [`+${digits}`]
  })
  return new Set(known)
}
