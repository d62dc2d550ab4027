/**
 * Every sentence that the daemon itself writes into a chat, in English; `languages/` has the others. None of them carries a word of an
 * assistant's server. What is inserted is shown as it is: `sentences-in.ts` keeps its direction apart.
 */
export const SENTENCES = {
  unreadable: 'I cannot read messages of this kind.',
  viewOnce: 'I cannot open view-once messages. Please send it again as a normal message.',
  failed: 'Sorry, I could not answer this message. Please try again later.',
  modelFailed:
    'Sorry, the model that you chose here could not answer this message. Write "/model default" to take the choice back.',
  fileTooLarge: (megabytes: number) =>
    `This file is too large for me. I can open files of up to ${megabytes} MB.`,
  fileFailed: 'Sorry, I could not open this file. Please send it again.',
  voiceUnheard: 'I cannot listen to voice messages yet. Please write instead.',
  voiceFailed: 'Sorry, I could not listen to this voice message. Please try again later, or write instead.',
  assistantAway: 'The assistant is not available right now. It answers your message when it is back.',
  fileNotSent: 'A file that belongs to this answer could not be sent.',

  pairingCode: (code: string, minutes: number) =>
    `You cannot write to this assistant yet. To be let in, give its owner this code: ${code}. It counts for ${minutes} minutes.`,
  pairingApproved: 'You can write to this assistant now.',
  pairingDone: (person: string) => `${person} can write to me now.`,
  pairingUnknown: 'There is no request for access with this code. A code counts for an hour.',
  pairingHow: 'Write "/allow" and the code that the person was sent.',
  pairingAlone: 'Please write this in a chat with me alone.',
  pairingFailed: 'This person could not be allowed.',

  agentAnswersAgain: (agent: string) => `${agent} answers you here again.`,
  agentAnswers: (agent: string) => `${agent} answers you here. Write "/agents" to see who else could.`,
  agentAnswersUntil: (agent: string, until: string, minutes: number) =>
    `${agent} answers you here until ${until} UTC, ${afterLastMessage(minutes)}.`,
  agentAnswersThen: (agent: string, reset: string) => `Then ${agent} does; at once with "/agent ${reset}".`,
  agentChosen: (agent: string, minutes: number) =>
    `${agent} answers you here from now on, until ${afterLastMessage(minutes)}.`,
  agentNotKept: (agent: string) =>
    `A choice does not stick here. Begin a message with "@${agent} " to ask ${agent}.`,
  agentAndQuestion: (agent: string) =>
    `Write "/agent ${agent}" alone, or begin a question with "@${agent} ".`,
  agentUnknown: (written: string, known: string) => `There is no agent "${written}". There are: ${known}.`,

  agentsHeading: 'Agents:',
  agentWhoAnswers: 'who answers you here',
  agentsHint: 'Write "/agent" and a name to choose, or begin a message with "@" and a name.',
  /** A name by itself in a list. */
  item: (name: string) => name,
  /** The same with what is said of it. */
  itemWith: (name: string, what: string) => `${name}, ${what}`,
  andMore: (count: number) => `and ${count} more`,

  modelAnswers: (agent: string, model: string) =>
    `${agent} answers you here with the model ${model}. Write "/models" to see the others.`,
  modelOwnAnswers: (agent: string) => `${agent} answers you here with a model of its own choice.`,
  modelAnswersUntil: (agent: string, model: string, until: string, minutes: number) =>
    `${agent} answers you here with the model ${model} until ${until} UTC, ${afterLastMessage(minutes)}. At once its own one with "/model default".`,
  modelChosen: (agent: string, model: string, minutes: number) =>
    `${agent} answers you here with the model ${model} from now on, until ${afterLastMessage(minutes)}.`,
  modelAnswersAgain: (agent: string) => `${agent} answers you here with its own model again.`,
  modelUnknown: (agent: string, written: string) =>
    `${agent} has no model "${written}". Write "/models" to see which it has.`,
  modelAmbiguous: (written: string, models: string) => `"${written}" could be each of these: ${models}.`,
  modelNotKept: 'A choice does not stick here, so no other model can be chosen.',
  modelNone: (agent: string) => `${agent} has no models to choose from.`,
  modelsHeading: (agent: string) => `Models of ${agent}:`,
  modelsFavouriteHeading: (agent: string) => `Favourite models of ${agent}:`,
  modelsNoFavourites: (agent: string) => `${agent} has no favourite models. Write "/models" to see all.`,
  modelWhichAnswers: 'which answers you here',
  modelsHint: 'Write "/model" and a name to choose.',
  modelsAny: 'Every other name of a model works, too.',

  newBegun: 'A new conversation begins: what was said before is forgotten here.',
  newAndQuestion: 'Send your question as a message of its own.',

  stopped: 'Stopped.',
  stoppedWaiting: (count: number) =>
    count === 1
      ? 'The message that waited is not answered either.'
      : `The ${count} messages that waited are not answered either.`,
  nothingToStop: 'Nothing is running here.',

  statusAccount: (account: string) => `Account: ${account}`,
  statusAgent: (agent: string) => `Agent: ${agent}`,
  statusModel: (model: string) => `Model: ${model}`,
  statusAnswers: 'The assistant answers in this chat.',
  statusPaused: 'The assistant is paused in this chat.',
  statusRunning: 'An answer is under way.',
  statusWaiting: (count: number) => `Waiting messages: ${count}`,

  paused: 'The assistant is paused in this chat. An owner ends that with "/resume".',
  pausedAlready: 'The assistant is paused in this chat already. An owner ends that with "/resume".',
  resumed: 'The assistant answers in this chat again. What was written meanwhile stays unanswered.',
  resumedLate: 'The assistant answers in this chat again, also what was written meanwhile.',
  notPaused: 'The assistant is not paused in this chat.',

  permissionAsked: (agent: string, action: string, code: string) =>
    `${agent} asks whether it may do this:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedFor: (agent: string, person: string, action: string, code: string) =>
    `${agent} asks whether it may do this for ${person}:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedInGroup: (agent: string, person: string, action: string, code: string) =>
    `${agent} asks whether it may do this for ${person}, in a group:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAllowed: 'Allowed, this once.',
  permissionRejected: 'Rejected.',
  permissionUnknown: 'No question with this code waits here for an answer.',
  permissionNeedsCode: 'Write the code of the question behind it.',

  forOwners: (command: string) => `Only an owner of this assistant can use "${command}".`,
  didYouMean: (command: string) => `Did you mean "${command}"?`,

  helpHeading: 'Commands:',
  helpLine: (usage: string, does: string) => `${usage}: ${does}`,
  helpOwners: 'For owners:',
  helpRest: 'Everything else goes to the assistant.',
  helpHelp: 'shows this list',
  helpAgents: 'lists the agents, and says who answers now',
  helpAgent: 'says who answers now, and until when',
  helpAgentChoose: 'chooses an agent',
  helpAgentReset: 'takes the choice back',
  helpModel: 'says which model answers now',
  helpModelChoose: 'chooses a model of the agent',
  helpModelReset: 'takes the choice back',
  helpModels: 'lists the models of the agent',
  helpModelFavourites: 'lists its favourite models',
  helpNew: 'begins a new conversation',
  helpStop: 'stops the answer under way',
  helpStatus: 'says how things are in this chat',
  helpPause:
    'silences the assistant in this chat; written on the own phone of the account, the other side sees it',
  helpResume: 'lets it answer again',
  helpAllow: 'allows the person who was sent this code',
  helpYes: 'allows what an agent asks, once',
  helpNo: 'rejects it',
} as const

/** The table of a language. */
export type Sentences = {
  readonly [Key in keyof typeof SENTENCES]: (typeof SENTENCES)[Key] extends string
    ? string
    : (typeof SENTENCES)[Key]
}

/** A language that lacks a sentence has the English one. */
export type Translation = Partial<Sentences>

/** Names of the sentences without anything to insert. */
export type PlainSentence = {
  [Key in keyof Sentences]: Sentences[Key] extends string ? Key : never
}[keyof Sentences]

function howToAnswer(code: string): string {
  return `To allow it once, write "/yes ${code}". Otherwise "/no ${code}", or nothing: after 5 minutes it is rejected.`
}

function afterLastMessage(minutes: number): string {
  return `${minutes === 1 ? '1 minute' : `${minutes} minutes`} after your last message`
}
