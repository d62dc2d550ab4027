import type { Server } from 'node:http'
import { DaemonError } from '../../protocol/errors.ts'

export interface ListenAddress {
  host: string
  /** 0 takes any free one. */
  port: number
}

/** Binds the server and tells the address it got. Throws `DaemonError` (`misconfigured`) naming the setting at fault. */
export async function listen(server: Server, { host, port }: ListenAddress): Promise<ListenAddress> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => reject(listenError(error, host, port))
    server.once('error', fail)
    server.listen({ host, port }, () => {
      server.off('error', fail)
      resolve()
    })
  })
  const address = server.address()
  // Only a pipe has a string for an address, and only a closed server none.
  if (address === null || typeof address === 'string') throw new DaemonError('misconfigured')
  return { host, port: address.port }
}

function listenError(error: Error & { code?: string }, host: string, port: number): DaemonError {
  if (error.code === 'EADDRINUSE') {
    return new DaemonError('misconfigured', {
      message: `Port ${port} on ${host} is taken by another process.`,
      action: 'Stop that process (perhaps another whatsappd), or set whatsappd.listen.port to a free port.',
      details: { setting: 'whatsappd.listen.port', host, port },
      cause: error,
    })
  }
  const setting = error.code === 'EACCES' ? 'whatsappd.listen.port' : 'whatsappd.listen.host'
  return new DaemonError('misconfigured', {
    message: `The daemon cannot listen on ${host}, port ${port} (${error.code ?? error.message}).`,
    action: `Set ${setting} to one that this process may use.`,
    details: { setting, host, port },
    cause: error,
  })
}
