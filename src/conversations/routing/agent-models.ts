import { asWritten } from '../../config/as-written.ts'
import type { AccountConfig } from '../../config/model.ts'

/** In `models`: every name may be chosen. */
const ANY = '*'

export interface OfferedModel {
  name: string
  /** What may be shown of it. */
  shown: string
}

export interface AgentModels {
  /** The one that answers where nobody chose another; `null` where the agent decides. */
  own: OfferedModel | null
  /** All that may be chosen, each once: its own, the favourites, the others. */
  offered: readonly OfferedModel[]
  favourites: readonly OfferedModel[]
  /** Whether every other name may be chosen, too. */
  isAny: boolean
}

/** What the config in force says of the models of an agent. */
export function agentModels(config: AccountConfig, agent: string): AgentModels {
  const settings = config.agents[agent]?.settings ?? {}
  const at = (path: string, name: string): OfferedModel => ({
    name,
    shown: asWritten(config, `agents.${agent}.${path}`, name),
  })
  const listed = (key: string): OfferedModel[] => {
    const names: readonly unknown[] = Array.isArray(settings[key]) ? settings[key] : []
    return names.flatMap((name, index) =>
      typeof name === 'string' && name.trim() !== '' ? [at(`${key}.${index}`, name)] : [],
    )
  }
  const { model } = settings
  const own = typeof model === 'string' ? at('model', model) : null
  const favourites = listed('favouriteModels').filter(({ name }) => name !== ANY)
  const models = listed('models')
  const all = [...(own === null ? [] : [own]), ...favourites, ...models.filter(({ name }) => name !== ANY)]
  return {
    own,
    offered: [...new Map(all.toReversed().map((each) => [each.name, each])).values()].toReversed(),
    favourites,
    isAny: models.some(({ name }) => name === ANY),
  }
}
