import type { AccountConfig } from '../../config/model.ts'

type PrefixSettings = Pick<AccountConfig, 'responsePrefix' | 'tool' | 'agents' | 'written'>

/** OpenClaw's notation, without regard to case; what is not known stays as it is written. */
const VARIABLE = /\{([a-z][a-z0-9.]*)\}/gi

/**
 * What stands before the first message of a reply of this agent. In an OpenClaw file `auto` is the agent's name in brackets, `{model}` and
 * its other variables are filled in, and a space follows. A name or model with the value of an environment variable is not filled in: who
 * may edit the prefix must not learn it. Source: https://docs.openclaw.ai/gateway/config-agents/messages-and-talk
 */
export function responsePrefix(
  { responsePrefix: prefix, tool, agents, written = {} }: PrefixSettings,
  agent: string,
): string {
  if (tool !== 'openclaw' || prefix === '') return prefix
  const settings = agents[agent]
  const shown = (key: string, value: unknown): string | undefined =>
    typeof value === 'string' && !Object.hasOwn(written, `agents.${agent}.${key}`) ? value : undefined
  const shownName = shown('name', settings?.name)
  const values = variablesOf(shownName, shown('model', settings?.settings['model']))
  const text =
    prefix === 'auto'
      ? shownName === undefined
        ? ''
        : `[${shownName}]`
      : prefix.replace(VARIABLE, (found, name: string) => values.get(name.toLowerCase()) ?? found)
  return text === '' || /\s$/.test(text) ? text : `${text} `
}

function variablesOf(
  name: string | undefined,
  full: string | undefined,
): ReadonlyMap<string, string | undefined> {
  const [provider] = full?.includes('/') === true ? full.split('/') : []
  return new Map([
    // The short name is without the provider, a date and "-latest".
    ['model', full?.slice(full.lastIndexOf('/') + 1).replace(/-\d{8}$|-latest$/, '')],
    ['modelfull', full],
    ['provider', provider],
    ['identity.name', name],
    ['identityname', name],
  ])
}
