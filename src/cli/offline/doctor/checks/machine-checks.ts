import { type Check, fine, problem, warning } from '../check.ts'
import { memoryLimitOf } from './machine/memory-limit.ts'
import { lookAtService } from './machine/look-at-service.ts'

const MEBIBYTE = 1_048_576
/** What a daemon needs idle, and what it needs after a burst of messages: docs/benchmarks.md. */
const LEAST_BYTES = 100 * MEBIBYTE
const LITTLE_BYTES = 160 * MEBIBYTE

/** Of what keeps the daemon running, or ends it. */
export const MACHINE_CHECKS: readonly Check[] = [
  {
    id: 'machine.memory',
    looksAt:
      'the memory limit of the container or the service, and whether the kernel ended a process for it',
    look: ({ daemon, systemRoot }) => {
      const { bytes, kills } = memoryLimitOf(daemon.state === 'running' ? daemon.pid : 'self', systemRoot)
      const cure =
        'Raise the memory limit to 256 MiB or more (MemoryMax= of the unit, --memory of the container, limits.memory of the pod), and give programs of agents room of their own.'
      const limit =
        bytes === null ? 'No memory limit' : `A memory limit of ${Math.floor(bytes / MEBIBYTE)} MiB`
      if (bytes !== null && bytes < LEAST_BYTES)
        return [problem(`${limit} is less than an idle daemon needs.`, cure)]
      if (bytes !== null && bytes < LITTLE_BYTES)
        return [warning(`${limit} leaves no room for a burst of messages.`, cure)]
      if (kills > 0)
        return [
          warning(
            `${limit} is in force; the kernel has ended ${kills} ${kills === 1 ? 'process' : 'processes'} here for lack of memory.`,
            cure,
          ),
        ]
      return [fine(`${limit} is in force.`)]
    },
  },
  {
    id: 'machine.service',
    looksAt:
      'the service of systemd, where systemd runs or a unit is there: what it starts, whether it is enabled, how often it was started again',
    look: (facts, signal) => lookAtService(facts, signal),
  },
]
