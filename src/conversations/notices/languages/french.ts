import type { Translation } from '../sentences.ts'
import { writtenNumber } from './written-number.ts'

/** With the narrow blanks that French puts inside of quotation marks and before double punctuation. */
export const french: Translation = {
  unreadable: 'Je ne sais pas lire les messages de ce type.',
  viewOnce: 'Je ne peux pas ouvrir les messages à vue unique. Merci de le renvoyer comme message normal.',
  failed: 'Désolé, je n’ai pas pu répondre à ce message. Veuillez réessayer plus tard.',
  modelFailed:
    'Désolé, le modèle que vous avez choisi ici n’a pas pu répondre à ce message. Écrivez «\u202F/model default\u202F» pour annuler ce choix.',
  fileTooLarge: (megabytes) =>
    `Ce fichier est trop volumineux pour moi. Je peux ouvrir des fichiers de ${number(megabytes)} Mo au plus.`,
  fileFailed: 'Désolé, je n’ai pas pu ouvrir ce fichier. Veuillez l’envoyer à nouveau.',
  voiceUnheard: 'Je ne peux pas encore écouter les messages vocaux. Merci d’écrire à la place.',
  voiceFailed:
    'Désolé, je n’ai pas pu écouter ce message vocal. Veuillez réessayer plus tard, ou écrivez à la place.',
  assistantAway:
    'L’assistant n’est pas disponible en ce moment. Il répondra à votre message quand il sera de retour.',
  fileNotSent: 'Un fichier qui accompagne cette réponse n’a pas pu être envoyé.',

  pairingCode: (code, minutes) =>
    `Vous ne pouvez pas encore écrire à cet assistant. Pour y avoir accès, donnez ce code à son propriétaire : ${code}. Il est valable ${number(minutes)} minutes.`,
  pairingApproved: 'Vous pouvez maintenant écrire à cet assistant.',
  pairingDone: (person) => `${person} peut maintenant m’écrire.`,
  pairingUnknown: 'Aucune demande ne porte ce code. Un code est valable une heure.',
  pairingHow: 'Écrivez « /allow » et le code que la personne a reçu.',
  pairingAlone: 'Écrivez cela dans une discussion avec moi seul, s’il vous plaît.',
  pairingFailed: 'Cette personne n’a pas pu être autorisée.',

  agentAnswersAgain: (agent) => `${agent} vous répond de nouveau ici.`,
  agentAnswers: (agent) =>
    `${agent} vous répond ici. Écrivez «\u202F/agents\u202F» pour voir qui d’autre pourrait le faire.`,
  agentAnswersUntil: (agent, until, minutes) =>
    `${agent} vous répond ici jusqu’à ce moment\u00A0: ${until} UTC, ${afterLastMessage(minutes)}.`,
  agentAnswersThen: (agent, reset) =>
    `Ensuite, c’est ${agent}\u202F; tout de suite avec «\u202F/agent ${reset}\u202F».`,
  agentChosen: (agent, minutes) =>
    `${agent} vous répond ici à partir de maintenant, jusqu’à ${afterLastMessage(minutes)}.`,
  agentNotKept: (agent) =>
    `Ici, un choix n’est pas conservé. Commencez un message par «\u202F@${agent} \u202F» pour interroger ${agent}.`,
  agentAndQuestion: (agent) =>
    `Écrivez «\u202F/agent ${agent}\u202F» seul, ou commencez une question par «\u202F@${agent} \u202F».`,
  agentUnknown: (written, known) => `Il n’y a pas d’agent «\u202F${written}\u202F». Il y a\u00A0: ${known}.`,

  agentsHeading: 'Agents\u00A0:',
  agentWhoAnswers: 'vous répond ici',
  agentsHint:
    'Écrivez «\u202F/agent\u202F» et un nom pour choisir, ou commencez un message par «\u202F@\u202F» et un nom.',
  andMore: (count) => `et ${number(count)} de plus`,

  modelAnswers: (agent, model) =>
    `${agent} vous répond ici avec le modèle ${model}. Écrivez «\u202F/models\u202F» pour voir les autres.`,
  modelOwnAnswers: (agent) => `${agent} vous répond ici avec un modèle de son choix.`,
  modelAnswersUntil: (agent, model, until, minutes) =>
    `${agent} vous répond ici avec le modèle ${model} jusqu’à ce moment\u00A0: ${until} UTC, ${afterLastMessage(minutes)}. Tout de suite avec le sien\u00A0: «\u202F/model default\u202F».`,
  modelChosen: (agent, model, minutes) =>
    `${agent} vous répond ici avec le modèle ${model} à partir de maintenant, jusqu’à ${afterLastMessage(minutes)}.`,
  modelAnswersAgain: (agent) => `${agent} vous répond de nouveau ici avec son propre modèle.`,
  modelUnknown: (agent, written) =>
    `${agent} n’a pas de modèle «\u202F${written}\u202F». Écrivez «\u202F/models\u202F» pour voir ceux qu’il y a.`,
  modelAmbiguous: (written, models) =>
    `«\u202F${written}\u202F» peut désigner chacun de ceux-ci\u00A0: ${models}.`,
  modelNotKept: 'Ici, un choix n’est pas conservé\u202F; on ne peut donc pas choisir un autre modèle.',
  modelNone: (agent) => `${agent} n’a pas de modèles à choisir.`,
  modelsHeading: (agent) => `Modèles de ${agent}\u00A0:`,
  modelsFavouriteHeading: (agent) => `Modèles favoris de ${agent}\u00A0:`,
  modelsNoFavourites: (agent) =>
    `${agent} n’a pas de modèles favoris. Écrivez «\u202F/models\u202F» pour les voir tous.`,
  modelWhichAnswers: 'vous répond ici',
  modelsHint: 'Écrivez «\u202F/model\u202F» et un nom pour choisir.',
  modelsAny: 'Tout autre nom de modèle convient aussi.',

  newBegun: 'Une nouvelle conversation commence\u00A0: ce qui a été dit avant est oublié ici.',
  newAndQuestion: 'Envoyez votre question dans un message à part.',

  stopped: 'Arrêté.',
  stoppedWaiting: (count) =>
    count === 1
      ? 'Le message qui attendait n’aura pas de réponse non plus.'
      : `Les ${number(count)} messages qui attendaient n’auront pas de réponse non plus.`,
  nothingToStop: 'Rien n’est en cours ici.',

  statusAccount: (account) => `Compte\u00A0: ${account}`,
  statusAgent: (agent) => `Agent\u00A0: ${agent}`,
  statusModel: (model) => `Modèle\u00A0: ${model}`,
  statusAnswers: 'L’assistant répond dans cette discussion.',
  statusPaused: 'L’assistant est en pause dans cette discussion.',
  statusRunning: 'Une réponse est en cours.',
  statusWaiting: (count) => `Messages en attente\u00A0: ${number(count)}`,

  paused:
    'L’assistant est en pause dans cette discussion. Un propriétaire y met fin avec «\u202F/resume\u202F».',
  pausedAlready:
    'L’assistant est déjà en pause dans cette discussion. Un propriétaire y met fin avec «\u202F/resume\u202F».',
  resumed:
    'L’assistant répond de nouveau dans cette discussion. Ce qui a été écrit entre-temps reste sans réponse.',
  resumedLate: 'L’assistant répond de nouveau dans cette discussion, aussi à ce qui a été écrit entre-temps.',
  notPaused: 'L’assistant n’est pas en pause dans cette discussion.',

  permissionAsked: (agent, action, code) =>
    `${agent} demande s’il peut faire ceci\u00A0:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedFor: (agent, person, action, code) =>
    `${agent} demande s’il peut faire ceci pour ${person}\u00A0:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedInGroup: (agent, person, action, code) =>
    `${agent} demande s’il peut faire ceci pour ${person}, dans un groupe\u00A0:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAllowed: 'Autorisé, cette fois seulement.',
  permissionRejected: 'Refusé.',
  permissionUnknown: 'Aucune question avec ce code n’attend de réponse ici.',
  permissionNeedsCode: 'Écrivez derrière le code de la question.',

  forOwners: (command) => `Seul un propriétaire de cet assistant peut utiliser «\u202F${command}\u202F».`,
  didYouMean: (command) => `Vouliez-vous dire «\u202F${command}\u202F»\u202F?`,

  helpHeading: 'Commandes\u00A0:',
  helpLine: (usage, does) => `${usage}\u00A0: ${does}`,
  helpOwners: 'Pour les propriétaires\u00A0:',
  helpRest: 'Tout le reste va à l’assistant.',
  helpHelp: 'affiche cette liste',
  helpAgents: 'affiche les agents et qui répond maintenant',
  helpAgent: 'dit qui répond maintenant, et jusqu’à quand',
  helpAgentChoose: 'choisit un agent',
  helpAgentReset: 'annule le choix',
  helpModel: 'dit quel modèle répond maintenant',
  helpModelChoose: 'choisit un modèle de l’agent',
  helpModelReset: 'annule le choix',
  helpModels: 'affiche les modèles de l’agent',
  helpModelFavourites: 'affiche ses modèles favoris',
  helpNew: 'commence une nouvelle conversation',
  helpStop: 'arrête la réponse en cours',
  helpStatus: 'dit où en sont les choses dans cette discussion',
  helpPause:
    'fait taire l’assistant dans cette discussion ; écrit sur le téléphone même du compte, l’autre personne le voit',
  helpResume: 'le laisse répondre de nouveau',
  helpAllow: 'autorise la personne qui a reçu ce code',
  helpYes: 'autorise une fois ce qu’un agent demande',
  helpNo: 'le refuse',
}

function howToAnswer(code: string): string {
  return `Pour l’autoriser une fois, écrivez «\u202F/yes ${code}\u202F». Sinon «\u202F/no ${code}\u202F», ou rien\u00A0: après 5 minutes, c’est refusé.`
}

function afterLastMessage(minutes: number): string {
  return `${minutes === 1 ? '1 minute' : `${number(minutes)} minutes`} après votre dernier message`
}

function number(value: number): string {
  return writtenNumber(value, 'fr')
}
