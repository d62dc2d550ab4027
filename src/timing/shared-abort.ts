import { setMaxListeners } from 'node:events'

/**
 * An `AbortController` whose signal many listen to at once, each for a bounded time: every message on its way, every turn. Node
 * prints a warning about a leak from the eleventh listener on, which would stand in the daemon's own output.
 */
export function sharedAbort(): AbortController {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  return controller
}
