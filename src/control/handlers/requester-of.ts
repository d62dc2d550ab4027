import type { MessageAuthor } from '../../access/may-send.ts'
import type { Requester } from '../../conversations/sending/send-request.ts'
import type { ClientSession } from './handler.ts'

/**
 * For whom a caller speaks. A program that answers turns, too, is the assistant; everybody else speaks for the account's owner, unless
 * they say that they are the assistant (`as`).
 */
export function requesterOf({ identity, peer }: ClientSession, as?: MessageAuthor): Requester {
  const scopes = identity?.scopes ?? []
  const isAssistant = as === 'assistant' || (identity?.kind === 'jwt' && scopes.includes('agent'))
  // Whoever sees what people write, over a socket, is a view for people; the command line has the local token.
  const isDashboard = peer !== null && identity?.kind !== 'local' && scopes.includes('conversations')
  return {
    author: isAssistant ? 'assistant' : 'owner',
    by: isDashboard ? 'dashboard' : 'api',
    mayForce: !isAssistant && scopes.includes('send:any'),
  }
}
