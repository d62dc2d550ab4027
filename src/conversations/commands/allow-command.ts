import type { ChatCommand } from './chat-command.ts'

/** Allows somebody who was sent a code; the answer comes when they are in the config file. */
export const allowCommand: ChatCommand = {
  name: 'allow',
  aliases: [],
  forOwners: true,
  atOnce: true,
  help: [{ usage: ['/allow <code>'], does: 'helpAllow' }],
  execute({ argument, conversation, sequence }, { pairingAdmin, sentences }) {
    const { pairingAlone, pairingHow, pairingUnknown } = sentences()
    // The answer has the number of a person whom the others do not know.
    if (conversation.kind === 'group') return pairingAlone
    if (argument === null) return pairingHow
    const committed = pairingAdmin.approveLater(argument, sequence)
    return committed === null ? pairingUnknown : { text: null, committed }
  },
}
