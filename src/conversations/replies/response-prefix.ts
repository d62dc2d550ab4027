import type { AccountConfig, AgentConfig } from '../../config/model.ts'

type PrefixSettings = Pick<AccountConfig, 'responsePrefix' | 'tool' | 'agents'>

/** OpenClaw's notation, without regard to case; what is not known stays as it is written. */
const VARIABLE = /\{([a-z][a-z0-9.]*)\}/gi

/**
 * What stands before the first message of a reply of this agent. In an OpenClaw file `auto` is the agent's name in brackets, `{model}` and
 * its other variables are filled in, and a space follows. Source: https://docs.openclaw.ai/gateway/config-agents/messages-and-talk
 */
export function responsePrefix(
  { responsePrefix: prefix, tool, agents }: PrefixSettings,
  agent: string,
): string {
  if (tool !== 'openclaw' || prefix === '') return prefix
  const settings = agents[agent]
  const values = variablesOf(settings)
  const text =
    prefix === 'auto'
      ? settings?.name === undefined
        ? ''
        : `[${settings.name}]`
      : prefix.replace(VARIABLE, (found, name: string) => values.get(name.toLowerCase()) ?? found)
  return text === '' || /\s$/.test(text) ? text : `${text} `
}

function variablesOf(agent: AgentConfig | undefined): ReadonlyMap<string, string | undefined> {
  const model = agent?.settings['model']
  const full = typeof model === 'string' ? model : undefined
  const [provider] = full?.includes('/') === true ? full.split('/') : []
  return new Map([
    // The short name is without the provider, a date and "-latest".
    ['model', full?.slice(full.lastIndexOf('/') + 1).replace(/-\d{8}$|-latest$/, '')],
    ['modelfull', full],
    ['provider', provider],
    ['identity.name', agent?.name],
    ['identityname', agent?.name],
  ])
}
