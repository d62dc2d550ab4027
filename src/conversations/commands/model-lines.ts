import { agentModels } from '../routing/agent-models.ts'
import { clipped, listed } from './agent-names.ts'
import type { CommandDependencies, CommandRequest } from './chat-command.ts'

/** The models of the agent that answers now, or its favourites, and which of them does. */
export function modelLines(
  which: 'offered' | 'favourites',
  { conversation, person, at }: CommandRequest,
  { routing, config, sentences }: CommandDependencies,
): string {
  const table = sentences()
  const { agent } = routing.answererOf(conversation, person, at)
  const { model: present } = routing.modelOf(conversation, person, { agent, at })
  const { [which]: models, isAny } = agentModels(config(), agent)
  if (models.length === 0 && which === 'favourites') return table.modelsNoFavourites(agent)
  if (models.length === 0 && !isAny) return table.modelNone(agent)
  const lines = models.map(({ name, shown }) => {
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
