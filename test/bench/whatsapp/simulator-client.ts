import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { CONTACT } from './cast.ts'
import type { SimulatorAnswer, SimulatorRequestName, SimulatorRequests } from './simulator-requests.ts'

const PROGRAM = fileURLToPath(new URL('./simulator-process.ts', import.meta.url))

interface Waiter {
  resolve: (result: unknown) => void
  reject: (error: Error) => void
}

/** Starts the simulator in a process of its own and asks it things. */
export class SimulatorClient {
  readonly #waiters = new Map<number, Waiter>()
  #process: ChildProcess | null = null
  #nextId = 1

  start(contacts: readonly string[] = [CONTACT]): Promise<SimulatorRequests['start']['result']> {
    const child = fork(PROGRAM, [], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#process = child
    // Only our own program answers on this channel.
    child.on('message', (answer) => this.#settle(answer as SimulatorAnswer))
    child.once('exit', (code) => {
      this.#process = null
      for (const waiter of this.#waiters.values())
        waiter.reject(new Error(`the simulator exited with ${code}`))
      this.#waiters.clear()
    })
    return this.ask('start', { contacts })
  }

  ask<Name extends SimulatorRequestName>(
    name: Name,
    params: SimulatorRequests[Name]['params'],
  ): Promise<SimulatorRequests[Name]['result']> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      // The answer to a request has that request's type: both ends share one table.
      this.#waiters.set(id, { resolve: resolve as Waiter['resolve'], reject })
      this.#process?.send({ id, name, params })
    })
  }

  async stop(): Promise<void> {
    const child = this.#process
    if (child === null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  #settle(answer: SimulatorAnswer): void {
    const waiter = this.#waiters.get(answer.id)
    this.#waiters.delete(answer.id)
    if ('error' in answer) waiter?.reject(new Error(answer.error))
    else waiter?.resolve(answer.result)
  }
}
