// Loaded into the daemon before its own code. At SIGUSR2 it collects garbage, counts what is left, and writes the counts
// as JSON to PROBE_FILE. It costs nothing in between.
import { EventEmitter } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import v8 from 'node:v8'

const emitters = new Map()
let serial = 0
const gone = new FinalizationRegistry((key) => emitters.delete(key))
const { init } = EventEmitter
EventEmitter.init = function (...args) {
  init.apply(this, args)
  const key = ++serial
  emitters.set(key, new WeakRef(this))
  gone.register(this, key)
}

const timer = setTimeout(() => {}, 0)
const Timeout = timer.constructor
clearTimeout(timer)

function count() {
  // A query walks the heap after a full garbage collection.
  const timers = v8.queryObjects(Timeout, { format: 'count' })
  const promises = v8.queryObjects(Promise, { format: 'count' })
  let listeners = 0
  let alive = 0
  for (const reference of emitters.values()) {
    const emitter = reference.deref()
    if (emitter === undefined) continue
    alive += 1
    for (const event of emitter.eventNames()) listeners += emitter.listenerCount(event)
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return {
    timers,
    promises,
    emitters: alive,
    listeners,
    activeResources: process.getActiveResourcesInfo().length,
    heapUsedMib: heapUsed / 2 ** 20,
    externalMib: (external + arrayBuffers) / 2 ** 20,
  }
}

process.on('SIGUSR2', () => {
  const file = process.env.PROBE_FILE
  writeFileSync(`${file}.part`, JSON.stringify(count()))
  renameSync(`${file}.part`, file)
})
