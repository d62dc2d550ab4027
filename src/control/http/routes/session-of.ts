import { DaemonError } from '../../../protocol/errors.ts'
import { socketAddress } from '../../auth/daemon-proof.ts'
import type { ClientSession } from '../../handlers/handler.ts'
import type { RouteContext } from './route.ts'

/** The caller of a request with a token. A request has no socket to subscribe with or to authenticate anew. */
export function sessionOf(context: RouteContext): ClientSession {
  const { localAddress, localPort } = context.env.incoming.socket
  const refuse = (): never => {
    throw new DaemonError('method_not_found')
  }
  return {
    identity: context.get('identity'),
    localAddress: socketAddress(localAddress, localPort),
    peer: null,
    authenticate: refuse,
    subscribe: refuse,
  }
}
