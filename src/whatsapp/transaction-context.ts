/**
 * What Baileys 7.0.0-rc14 uses of `async_hooks`; the build puts it in the module's place. Baileys makes a storage for
 * each socket, and Node keeps every storage that was ever used and visits all of them for every promise: after a few
 * hundred reconnects the process does nothing else. Here all of them share one.
 */
import { AsyncLocalStorage as NodeStorage } from 'node:async_hooks'

const current = new NodeStorage<{ owner: object; store: unknown }>()

/** As Node's, but inside of another one's `run` nothing is known of the outer one: sockets do not call each other. */
export class AsyncLocalStorage<T> {
  getStore(): T | undefined {
    const context = current.getStore()
    // Its owner has put it there.
    return context?.owner === this ? (context.store as T) : undefined
  }

  run<Result>(store: T, work: () => Result): Result {
    return current.run({ owner: this, store }, work)
  }
}
