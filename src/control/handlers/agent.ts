import type { AttachedPeer } from '../../agents/attachments/attached-peer.ts'
import type { ConfigSource } from '../../config/model.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { AgentsPort } from '../ports.ts'
import type { ClientSession, NamespaceHandlers } from './handler.ts'
import { resolveAccount } from './resolve-account.ts'

export interface AgentHandlerDeps {
  agents: AgentsPort
  config: ConfigSource
}

export function agentHandlers({ agents, config }: AgentHandlerDeps): NamespaceHandlers<'agent'> {
  return {
    'agent.attach': ({ agent, account }, session) =>
      agents.attach(peerOf(session), {
        agent,
        ...(account !== undefined && { account: resolveAccount(config.current, account) }),
      }),
    'agent.delta': ({ turn, text }, session) => {
      agents.take(peerOf(session), turn, { type: 'delta', text })
      return {}
    },
    'agent.part': ({ turn, part }, session) => {
      const why = agents.take(peerOf(session), turn, part)
      if (why !== null) throw new DaemonError('invalid_params', { message: why })
      return {}
    },
    'agent.done': ({ turn, text = '', usage }, session) => {
      const peer = peerOf(session)
      if (text !== '') agents.take(peer, turn, { type: 'delta', text })
      if (usage !== undefined) agents.take(peer, turn, { type: 'usage', ...usage })
      agents.take(peer, turn, { type: 'done' })
      return {}
    },
    'agent.fail': ({ turn, message }, session) => {
      agents.take(peerOf(session), turn, { type: 'fail', ...(message !== undefined && { message }) })
      return {}
    },
  }
}

/** A request over HTTP has no connection that could be handed turns. */
function peerOf({ peer }: ClientSession): AttachedPeer {
  if (peer === null) throw new DaemonError('method_not_found')
  return peer
}
