import { Redis } from 'ioredis'

/**
 * A client that does what it is told and nothing by itself: no reconnect, no queue, nothing printed. Only this file
 * brings the library in; whoever needs it imports this one when it does. `heard` is told why a connection fails, which the
 * failed call itself does not say.
 */
export function createRedisClient(
  url: URL,
  timeoutMs: number,
  heard: (error: Error) => void = () => {},
): Redis {
  const client = new Redis(url.href, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    // A server that still loads its data says so to the first command.
    enableReadyCheck: false,
    connectionName: 'whatsappd',
  })
  client.on('error', heard)
  return client
}
