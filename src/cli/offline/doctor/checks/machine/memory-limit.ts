import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface MemoryLimit {
  /** The least of the limits that count for the process, bytes; `null` without one. */
  bytes: number | null
  /** How often the kernel ended a process of the group because of it, as far as it says. */
  kills: number
}

/** The first version writes "no limit" as the largest number of pages. */
const UNLIMITED_BYTES = 2 ** 60

/** What the control groups of a process say of its memory, as cgroups(7) and cgroup-v2.rst of the kernel have it. Outside of Linux: no limit. */
export function memoryLimitOf(pid: number | 'self', systemRoot: string): MemoryLimit {
  const text = read(join(systemRoot, 'proc', String(pid), 'cgroup')) ?? ''
  const rows = text.split('\n').map((line) => /^\d+:([^:]*):(\/.*)$/.exec(line))
  const found = rows.flatMap((row) => {
    const [, controllers = '', path = '/'] = row ?? []
    if (row === null) return []
    if (controllers === '') return [limitIn(join(systemRoot, 'sys/fs/cgroup'), path, SECOND)]
    return controllers.split(',').includes('memory')
      ? [limitIn(join(systemRoot, 'sys/fs/cgroup/memory'), path, FIRST)]
      : []
  })
  const limits = found.flatMap(({ bytes }) => (bytes === null ? [] : [bytes]))
  return {
    bytes: limits.length === 0 ? null : Math.min(...limits),
    kills: Math.max(0, ...found.map(({ kills }) => kills)),
  }
}

interface GroupFiles {
  limit: string
  events: string
}

const FIRST: GroupFiles = { limit: 'memory.limit_in_bytes', events: 'memory.oom_control' }
const SECOND: GroupFiles = { limit: 'memory.max', events: 'memory.events' }

/** A limit of every group above counts. In a container the path may be that of the host, of which only the root is seen. */
function limitIn(root: string, path: string, files: GroupFiles): MemoryLimit {
  const limits: number[] = []
  /** Of the nearest group that is seen: others share those above. */
  let kills: number | null = null
  for (let group = path; ; group = dirname(group)) {
    const bytes = Number(read(join(root, group, files.limit)) ?? Number.NaN)
    if (bytes < UNLIMITED_BYTES) limits.push(bytes)
    const [, count] = /^oom_kill (\d+)$/m.exec(read(join(root, group, files.events)) ?? '') ?? []
    if (count !== undefined) kills ??= Number(count)
    if (group === '/') break
  }
  return { bytes: limits.length === 0 ? null : Math.min(...limits), kills: kills ?? 0 }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
