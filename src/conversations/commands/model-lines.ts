import { agentModels } from '../routing/agent-models.ts'
import { clipped, listed } from './agent-names.ts'
import type { CommandDependencies, CommandRequest } from './chat-command.ts'

/** The models of the agent that answers now, with those of its server where any may be chosen, or its favourites; and which one answers. */
export function modelLines(
  which: 'offered' | 'favourites',
  { conversation, person, at }: CommandRequest,
  { routing, config, serverModels, sentences }: CommandDependencies,
): string {
  const table = sentences()
  const { agent } = routing.answererOf(conversation, person, at)
  const { model: present } = routing.modelOf(conversation, person, { agent, at })
  const { [which]: models, isAny } = agentModels(config(), agent)
  if (models.length === 0 && which === 'favourites') return table.modelsNoFavourites(agent)
  if (models.length === 0 && !isAny) return table.modelNone(agent)
  const named = new Set(models.map(({ name }) => name))
  const others = isAny && which === 'offered' ? serverModels(agent).filter((name) => !named.has(name)) : []
  const lines = [...models, ...others.map((name) => ({ name, shown: name }))].map(({ name, shown }) => {
    const known = clipped(shown)
    return `- ${name === present?.name ? table.itemWith(known, table.modelWhichAnswers) : table.item(known)}`
  })
  return [
    which === 'offered' ? table.modelsHeading(agent) : table.modelsFavouriteHeading(agent),
    ...listed(lines, table),
    ...(isAny && which === 'offered' ? [table.modelsAny] : []),
    table.modelsHint,
  ].join('\n')
}
