import { recordView } from '../../accounts/status/record-view.ts'
import { asWritten } from '../../config/as-written.ts'
import type { AccountConfig, ConfigSource } from '../../config/model.ts'
import { agentModels } from '../../conversations/routing/agent-models.ts'
import type { AgentsPort } from '../ports.ts'
import type { NamespaceHandlers } from './handler.ts'
import { resolveAccount } from './resolve-account.ts'

/** Of one agent; a server may offer hundreds. */
const MAX_MODELS = 50

export interface AgentsHandlerDeps {
  agents: AgentsPort
  config: ConfigSource
}

export function agentsHandlers({ agents, config }: AgentsHandlerDeps): NamespaceHandlers<'agents'> {
  return {
    'agents.list': ({ account }) => {
      const only = account === undefined ? null : resolveAccount(config.current, account)
      const listed = agents.list().filter((each) => only === null || each.account === only)
      return {
        agents: listed.flatMap(({ account: of, agent, connector, offeredModels, ...health }) => {
          const settings = config.current.accounts[of]
          // The pool follows the config a moment later.
          if (settings === undefined) return []
          const { name } = settings.agents[agent] ?? {}
          return [
            {
              agent,
              account: of,
              name: name === undefined ? null : asWritten(settings, `agents.${agent}.name`, name),
              connector,
              isDefault: settings.defaultAgent === agent,
              models: modelsOf(settings, agent, offeredModels),
              health: recordView(health),
            },
          ]
        }),
      }
    },
  }
}

function modelsOf(config: AccountConfig, agent: string, offered: readonly string[]): string[] {
  const { offered: named, isAny } = agentModels(config, agent)
  return [...new Set([...named.map(({ shown }) => shown), ...(isAny ? offered : [])])].slice(0, MAX_MODELS)
}
