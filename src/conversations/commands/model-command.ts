import { isModelName } from '../../agents/is-model-name.ts'
import { chatTime } from '../notices/chat-time.ts'
import { agentModels, type AgentModels, type OfferedModel } from '../routing/agent-models.ts'
import { clipped, listed } from './agent-names.ts'
import type { ChatCommand, CommandDependencies, CommandRequest } from './chat-command.ts'
import { RESET_WORD, withoutEnd } from './command-words.ts'

export const modelCommand: ChatCommand = {
  name: 'model',
  aliases: [],
  help: [
    { usage: ['/model'], does: 'helpModel' },
    { usage: ['/model <name>'], does: 'helpModelChoose' },
    { usage: [`/model ${RESET_WORD}`], does: 'helpModelReset' },
  ],
  execute(request, deps) {
    const { argument } = request
    return argument === null ? whichAnswers(request, deps) : choose(argument, request, deps)
  },
}

function choose(written: string, request: CommandRequest, deps: CommandDependencies): string {
  const { conversation, person, at } = request
  const { routing, models, config } = deps
  const sentences = deps.sentences()
  const { agent } = routing.answererOf(conversation, person, at)
  const known = agentModels(config(), agent)
  const found = findModel(written, known)
  if (found.length === 0 && withoutEnd(written).toLowerCase() === RESET_WORD) {
    models.forget(conversation.id, person)
    return sentences.modelAnswersAgain(agent)
  }
  if (known.offered.length === 0 && !known.isAny) return sentences.modelNone(agent)
  const [model, ...more] = found
  if (model === undefined) return sentences.modelUnknown(agent, clipped(written))
  if (more.length > 0) {
    const names = found.map(({ shown }) => shown)
    return sentences.modelAmbiguous(clipped(written), listed(names, sentences).join(', '))
  }
  if (routing.ttlMs === 0) return sentences.modelNotKept
  models.choose(conversation.id, person, { agent, model: model.name, lastAt: at })
  return sentences.modelChosen(agent, model.shown, config().stickyTtlMinutes)
}

function whichAnswers(
  { conversation, person, at }: CommandRequest,
  { routing, config, sentences }: CommandDependencies,
): string {
  const { agent } = routing.answererOf(conversation, person, at)
  const { model, until } = routing.modelOf(conversation, person, { agent, at })
  if (model === null) return sentences().modelOwnAnswers(agent)
  if (until === null) return sentences().modelAnswers(agent, model.shown)
  // As in `/agent`: this question keeps the choice for longer.
  routing.heard(conversation.id, person, at)
  const { language, stickyTtlMinutes } = config()
  return sentences().modelAnswersUntil(agent, model.shown, chatTime(until, at, language), stickyTtlMinutes)
}

/**
 * The models that a person may mean: the one of this name, in any case; where only those of the config may be chosen, each that the text
 * is a part of.
 */
function findModel(written: string, { offered, isAny }: AgentModels): OfferedModel[] {
  for (const text of [written, withoutEnd(written)]) {
    const wanted = text.toLowerCase()
    const exact =
      offered.find(({ name, shown }) => name === text || shown === text) ??
      offered.find(({ name }) => name.toLowerCase() === wanted)
    if (exact !== undefined) return [exact]
  }
  const wanted = withoutEnd(written).toLowerCase()
  if (wanted === '' || wanted === RESET_WORD) return []
  if (!isAny) return offered.filter(({ name }) => name.toLowerCase().includes(wanted))
  const isName = isModelName(written) && !/\s/.test(written)
  return isName ? [{ name: written, shown: written }] : []
}
