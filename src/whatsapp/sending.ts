import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Set while a message is on its way out. Baileys renews the sessions with a recipient whose device list it has asked
 * for anew; within a send a session that is open stays: the peer writes in it at this moment.
 */
export const sending = new AsyncLocalStorage<true>()
