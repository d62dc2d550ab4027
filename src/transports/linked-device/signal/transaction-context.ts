/**
 * What Baileys 7.0.0-rc14 uses of `async_hooks`; the build puts it in the module's place. Baileys makes a storage for
 * each socket, and Node keeps every storage that was ever used and visits all of them for every promise: after a few
 * hundred reconnects the process does nothing else. Here all of them share one.
 */
import { AsyncLocalStorage as NodeStorage } from 'node:async_hooks'

interface Context {
  owner: object
  store: unknown
  /** Its work has settled. What was started in it, and not awaited, goes on outside of it. */
  isOver: boolean
}

const current = new NodeStorage<Context>()

/**
 * As Node's, with two differences. Inside of another one's `run` nothing is known of the outer one: sockets do not call
 * each other. And a context ends when the work of its `run` has settled: Baileys starts queries in a transaction that
 * nobody awaits (privacy tokens), and what these write into a transaction that has ended is lost.
 */
export class AsyncLocalStorage<T> {
  getStore(): T | undefined {
    const context = current.getStore()
    // Its owner has put it there.
    return context?.owner === this && !context.isOver ? (context.store as T) : undefined
  }

  run<Result>(store: T, work: () => Result): Result {
    const context: Context = { owner: this, store, isOver: false }
    const end = (): void => {
      context.isOver = true
    }
    let isPending = false
    try {
      const result = current.run(context, work)
      isPending = result instanceof Promise
      // Registered before the caller can await the result, so that it ends first.
      if (result instanceof Promise) result.then(end, end)
      return result
    } finally {
      if (!isPending) end()
    }
  }
}
