import { setTimeout as rest } from 'node:timers/promises'
import type { createDaemon } from './daemon.ts'

/** Parts of the daemon that take long to load, those first that others need. */
const PARTS: readonly (() => unknown)[] = [
  () => import('zod'),
  () => import('./protocol/methods.ts'),
  () => import('./access/numbers/phone-number.ts'),
  () => import('./control/control-server.ts'),
  () => import('./transports/linked-device/socket/socket-options.ts'),
  () => import('./transports/linked-device/linked-device.ts'),
]

/** Each part in a turn of the event loop of its own: in one turn, as `import` does it, they would block it for several times as long. */
export async function loadDaemon(): Promise<typeof createDaemon> {
  for (const load of PARTS) {
    await rest()
    await load()
  }
  await rest()
  return (await import('./daemon.ts')).createDaemon
}
