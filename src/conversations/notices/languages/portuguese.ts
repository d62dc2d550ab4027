import type { Translation } from '../sentences.ts'
import { writtenNumber } from './written-number.ts'

export const portuguese: Translation = {
  unreadable: 'Não consigo ler mensagens deste tipo.',
  viewOnce:
    'Não consigo abrir mensagens de visualização única. Envie de novo como mensagem normal, por favor.',
  failed: 'Desculpe, não consegui responder a esta mensagem. Tente novamente mais tarde.',
  modelFailed:
    'Desculpe, o modelo que você escolheu aqui não conseguiu responder a esta mensagem. Escreva “/model default” para desfazer a escolha.',
  fileTooLarge: (megabytes) =>
    `Este arquivo é grande demais para mim. Consigo abrir arquivos de até ${number(megabytes)} MB.`,
  fileFailed: 'Desculpe, não consegui abrir este arquivo. Envie-o de novo, por favor.',
  voiceUnheard: 'Ainda não consigo ouvir mensagens de voz. Por favor, escreva.',
  voiceFailed: 'Desculpe, não consegui ouvir esta mensagem de voz. Tente novamente mais tarde ou escreva.',
  assistantAway: 'O assistente não está disponível no momento. Ele responde à sua mensagem quando voltar.',
  fileNotSent: 'Não foi possível enviar um arquivo que faz parte desta resposta.',

  pairingCode: (code, minutes) =>
    `Você ainda não pode escrever para este assistente. Para ter acesso, dê este código ao dono dele: ${code}. Ele vale por ${number(minutes)} minutos.`,
  pairingApproved: 'Agora você pode escrever para este assistente.',
  pairingDone: (person) => `${person} já pode me escrever.`,
  pairingUnknown: 'Não há nenhum pedido com este código. Um código vale por uma hora.',
  pairingHow: 'Escreva “/allow” e o código que a pessoa recebeu.',
  pairingAlone: 'Escreva isso em uma conversa só comigo, por favor.',
  pairingFailed: 'Não foi possível dar acesso a esta pessoa.',

  agentAnswersAgain: (agent) => `Aqui quem responde a você é ${agent} de novo.`,
  agentAnswers: (agent) =>
    `Aqui quem responde a você é ${agent}. Escreva “/agents” para ver quem mais poderia responder.`,
  agentAnswersUntil: (agent, until, minutes) =>
    `Aqui quem responde a você é ${agent} até: ${until} UTC, ${afterLastMessage(minutes)}.`,
  agentAnswersThen: (agent, reset) => `Depois responde ${agent}; agora mesmo com “/agent ${reset}”.`,
  agentChosen: (agent, minutes) =>
    `A partir de agora quem responde a você aqui é ${agent}, até ${afterLastMessage(minutes)}.`,
  agentNotKept: (agent) =>
    `Aqui uma escolha não é mantida. Comece uma mensagem com “@${agent} ” para perguntar a ${agent}.`,
  agentAndQuestion: (agent) => `Escreva só “/agent ${agent}”, ou comece uma pergunta com “@${agent} ”.`,
  agentUnknown: (written, known) => `Não existe um agente “${written}”. Existem: ${known}.`,

  agentsHeading: 'Agentes:',
  agentWhoAnswers: 'responde a você aqui',
  agentsHint: 'Escreva “/agent” e um nome para escolher, ou comece uma mensagem com “@” e um nome.',
  andMore: (count) => `e mais ${number(count)}`,

  modelAnswers: (agent, model) =>
    `Aqui quem responde a você é ${agent} com o modelo ${model}. Escreva “/models” para ver os outros.`,
  modelOwnAnswers: (agent) => `Aqui quem responde a você é ${agent} com um modelo de escolha própria.`,
  modelAnswersUntil: (agent, model, until, minutes) =>
    `Aqui quem responde a você é ${agent} com o modelo ${model} até: ${until} UTC, ${afterLastMessage(minutes)}. Agora mesmo com o modelo próprio: “/model default”.`,
  modelChosen: (agent, model, minutes) =>
    `A partir de agora quem responde a você aqui é ${agent} com o modelo ${model}, até ${afterLastMessage(minutes)}.`,
  modelAnswersAgain: (agent) => `Aqui quem responde a você é ${agent} com o modelo próprio de novo.`,
  modelUnknown: (agent, written) =>
    `${agent} não tem um modelo “${written}”. Escreva “/models” para ver quais existem.`,
  modelAmbiguous: (written, models) => `“${written}” pode ser qualquer um destes: ${models}.`,
  modelNotKept: 'Aqui uma escolha não é mantida, por isso não é possível escolher outro modelo.',
  modelNone: (agent) => `${agent} não tem modelos para escolher.`,
  modelsHeading: (agent) => `Modelos de ${agent}:`,
  modelsFavouriteHeading: (agent) => `Modelos favoritos de ${agent}:`,
  modelsNoFavourites: (agent) => `${agent} não tem modelos favoritos. Escreva “/models” para ver todos.`,
  modelWhichAnswers: 'responde a você aqui',
  modelsHint: 'Escreva “/model” e um nome para escolher.',
  modelsAny: 'Qualquer outro nome de modelo também serve.',

  newBegun: 'Começa uma nova conversa: o que foi dito antes está esquecido aqui.',
  newAndQuestion: 'Envie a sua pergunta em uma mensagem separada.',

  stopped: 'Parado.',
  stoppedWaiting: (count) =>
    count === 1
      ? 'A mensagem que esperava também não será respondida.'
      : `As ${number(count)} mensagens que esperavam também não serão respondidas.`,
  nothingToStop: 'Não há nada em andamento aqui.',

  statusAccount: (account) => `Conta: ${account}`,
  statusAgent: (agent) => `Agente: ${agent}`,
  statusModel: (model) => `Modelo: ${model}`,
  statusAnswers: 'O assistente responde nesta conversa.',
  statusPaused: 'O assistente está em pausa nesta conversa.',
  statusRunning: 'Uma resposta está em andamento.',
  statusWaiting: (count) => `Mensagens à espera: ${number(count)}`,

  paused: 'O assistente está em pausa nesta conversa. Um proprietário termina a pausa com “/resume”.',
  pausedAlready:
    'O assistente já está em pausa nesta conversa. Um proprietário termina a pausa com “/resume”.',
  resumed:
    'O assistente volta a responder nesta conversa. O que foi escrito nesse meio-tempo fica sem resposta.',
  resumedLate: 'O assistente volta a responder nesta conversa, também ao que foi escrito nesse meio-tempo.',
  notPaused: 'O assistente não está em pausa nesta conversa.',

  permissionAsked: (agent, action, code) =>
    `${agent} pergunta se pode fazer isto:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedFor: (agent, person, action, code) =>
    `${agent} pergunta se pode fazer isto para ${person}:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedInGroup: (agent, person, action, code) =>
    `${agent} pergunta se pode fazer isto para ${person}, em um grupo:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAllowed: 'Permitido, só desta vez.',
  permissionRejected: 'Recusado.',
  permissionUnknown: 'Aqui nenhuma pergunta com este código espera resposta.',
  permissionNeedsCode: 'Escreva o código da pergunta depois do comando.',

  forOwners: (command) => `Só um proprietário deste assistente pode usar “${command}”.`,
  didYouMean: (command) => `Você quis dizer “${command}”?`,

  helpHeading: 'Comandos:',
  helpOwners: 'Para proprietários:',
  helpRest: 'Todo o resto vai para o assistente.',
  helpHelp: 'mostra esta lista',
  helpAgents: 'mostra os agentes e quem responde agora',
  helpAgent: 'diz quem responde agora e até quando',
  helpAgentChoose: 'escolhe um agente',
  helpAgentReset: 'desfaz a escolha',
  helpModel: 'diz qual modelo responde agora',
  helpModelChoose: 'escolhe um modelo do agente',
  helpModelReset: 'desfaz a escolha',
  helpModels: 'mostra os modelos do agente',
  helpModelFavourites: 'mostra os modelos favoritos dele',
  helpNew: 'começa uma nova conversa',
  helpStop: 'para a resposta em andamento',
  helpStatus: 'diz como estão as coisas nesta conversa',
  helpPause: 'silencia o assistente nesta conversa; escrito no próprio telefone da conta, a outra pessoa vê',
  helpResume: 'deixa que ele volte a responder',
  helpAllow: 'dá acesso à pessoa que recebeu este código',
  helpYes: 'permite uma vez o que um agente pede',
  helpNo: 'recusa o pedido',
}

function howToAnswer(code: string): string {
  return `Para permitir uma vez, escreva “/yes ${code}”. Senão, “/no ${code}”, ou nada: depois de 5 minutos fica recusado.`
}

function afterLastMessage(minutes: number): string {
  return `${minutes === 1 ? '1 minuto' : `${number(minutes)} minutos`} depois da sua última mensagem`
}

function number(value: number): string {
  return writtenNumber(value, 'pt')
}
