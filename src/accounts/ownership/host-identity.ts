import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Who runs this process. */
export interface HostIdentity {
  /** Given by the maker of the sandbox, and different for each, copies included; `null` where none was given. */
  instanceId: string | null
  /** Differs after every boot of the machine; `null` where the system has none. */
  bootId: string | null
  hostname: string
}

/** `configured` wins over the environment. */
export function readHostIdentity(configured: string | null, env: NodeJS.ProcessEnv): HostIdentity {
  const fromEnvironment = env['WHATSAPPD_INSTANCE_ID']?.trim() ?? ''
  return {
    instanceId: configured ?? (fromEnvironment === '' ? null : fromEnvironment),
    bootId: readBootId(),
    hostname: hostname(),
  }
}

function readBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return null
  }
}
