import { readFileSync } from 'node:fs'

/** What the machine could give to programs without swapping, MiB (`MemAvailable`). */
export function availableMemoryMib(): number {
  return Number(/^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) / 1024
}
