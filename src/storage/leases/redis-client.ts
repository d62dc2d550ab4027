import { Redis } from 'ioredis'

/**
 * A client without any automatic behaviour: no reconnect, no queue, no output. Only this file imports the library, and
 * is itself imported when a lease is needed. `onError` gets the reason of a failed connection, which the failed call
 * does not carry.
 */
export function createRedisClient(
  url: URL,
  timeoutMs: number,
  onError: (error: Error) => void = () => {},
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
  client.on('error', onError)
  return client
}
