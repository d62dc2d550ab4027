import type { Translation } from '../sentences.ts'
import { writtenNumber } from './written-number.ts'

export const spanish: Translation = {
  unreadable: 'No puedo leer mensajes de este tipo.',
  viewOnce:
    'No puedo abrir mensajes de visualización única. Envíalo de nuevo como mensaje normal, por favor.',
  failed: 'Lo siento, no he podido responder a este mensaje. Inténtalo de nuevo más tarde.',
  modelFailed:
    'Lo siento, el modelo que elegiste aquí no ha podido responder a este mensaje. Escribe “/model default” para deshacer la elección.',
  fileTooLarge: (megabytes) =>
    `Este archivo es demasiado grande para mí. Puedo abrir archivos de hasta ${number(megabytes)} MB.`,
  fileFailed: 'Lo siento, no he podido abrir este archivo. Envíalo de nuevo, por favor.',
  voiceUnheard: 'Todavía no puedo escuchar mensajes de voz. Escríbeme, por favor.',
  voiceFailed:
    'Lo siento, no he podido escuchar este mensaje de voz. Inténtalo de nuevo más tarde o escríbeme.',
  assistantAway: 'El asistente no está disponible en este momento. Responderá a tu mensaje cuando vuelva.',
  fileNotSent: 'No se pudo enviar un archivo que forma parte de esta respuesta.',

  pairingCode: (code, minutes) =>
    `Todavía no puedes escribir a este asistente. Para que te den acceso, dale este código a su propietario: ${code}. Es válido durante ${number(minutes)} minutos.`,
  pairingApproved: 'Ya puedes escribir a este asistente.',
  pairingDone: (person) => `${person} ya puede escribirme.`,
  pairingUnknown: 'No hay ninguna solicitud con este código. Un código es válido durante una hora.',
  pairingHow: 'Escribe «/allow» y el código que recibió la persona.',
  pairingAlone: 'Escríbelo en un chat a solas conmigo, por favor.',
  pairingFailed: 'No se pudo dar acceso a esta persona.',

  agentAnswersAgain: (agent) => `Aquí vuelve a responderte ${agent}.`,
  agentAnswers: (agent) => `Aquí te responde ${agent}. Escribe “/agents” para ver quién más podría hacerlo.`,
  agentAnswersUntil: (agent, until, minutes) =>
    `Aquí te responde ${agent} hasta: ${until} UTC, ${afterLastMessage(minutes)}.`,
  agentAnswersThen: (agent, reset) => `Después responde ${agent}; enseguida con “/agent ${reset}”.`,
  agentChosen: (agent, minutes) =>
    `A partir de ahora te responde aquí ${agent}, hasta ${afterLastMessage(minutes)}.`,
  agentNotKept: (agent) =>
    `Aquí una elección no se conserva. Empieza un mensaje con “@${agent} ” para preguntar a ${agent}.`,
  agentAndQuestion: (agent) => `Escribe “/agent ${agent}” solo, o empieza una pregunta con “@${agent} ”.`,
  agentUnknown: (written, known) => `No hay ningún agente “${written}”. Hay: ${known}.`,

  agentsHeading: 'Agentes:',
  agentWhoAnswers: 'te responde aquí',
  agentsHint: 'Escribe “/agent” y un nombre para elegir, o empieza un mensaje con “@” y un nombre.',
  andMore: (count) => `y ${number(count)} más`,

  modelAnswers: (agent, model) =>
    `Aquí te responde ${agent} con el modelo ${model}. Escribe “/models” para ver los demás.`,
  modelOwnAnswers: (agent) => `Aquí te responde ${agent} con un modelo de su elección.`,
  modelAnswersUntil: (agent, model, until, minutes) =>
    `Aquí te responde ${agent} con el modelo ${model} hasta: ${until} UTC, ${afterLastMessage(minutes)}. Enseguida con el suyo: “/model default”.`,
  modelChosen: (agent, model, minutes) =>
    `A partir de ahora te responde aquí ${agent} con el modelo ${model}, hasta ${afterLastMessage(minutes)}.`,
  modelAnswersAgain: (agent) => `Aquí te responde ${agent} otra vez con su propio modelo.`,
  modelUnknown: (agent, written) =>
    `${agent} no tiene ningún modelo “${written}”. Escribe “/models” para ver cuáles tiene.`,
  modelAmbiguous: (written, models) => `“${written}” puede ser cualquiera de estos: ${models}.`,
  modelNotKept: 'Aquí una elección no se conserva, así que no se puede elegir otro modelo.',
  modelNone: (agent) => `${agent} no tiene modelos para elegir.`,
  modelsHeading: (agent) => `Modelos de ${agent}:`,
  modelsFavouriteHeading: (agent) => `Modelos favoritos de ${agent}:`,
  modelsNoFavourites: (agent) => `${agent} no tiene modelos favoritos. Escribe “/models” para ver todos.`,
  modelWhichAnswers: 'te responde aquí',
  modelsHint: 'Escribe “/model” y un nombre para elegir.',
  modelsAny: 'También vale cualquier otro nombre de modelo.',

  newBegun: 'Empieza una conversación nueva: aquí se ha olvidado lo que se dijo antes.',
  newAndQuestion: 'Envía tu pregunta en un mensaje aparte.',

  stopped: 'Detenido.',
  stoppedWaiting: (count) =>
    count === 1
      ? 'Tampoco se responde al mensaje que esperaba.'
      : `Tampoco se responde a los ${number(count)} mensajes que esperaban.`,
  nothingToStop: 'Aquí no hay nada en marcha.',

  statusAccount: (account) => `Cuenta: ${account}`,
  statusAgent: (agent) => `Agente: ${agent}`,
  statusModel: (model) => `Modelo: ${model}`,
  statusAnswers: 'El asistente responde en este chat.',
  statusPaused: 'El asistente está en pausa en este chat.',
  statusRunning: 'Hay una respuesta en marcha.',
  statusWaiting: (count) => `Mensajes en espera: ${number(count)}`,

  paused: 'El asistente está en pausa en este chat. Un propietario termina la pausa con “/resume”.',
  pausedAlready: 'El asistente ya está en pausa en este chat. Un propietario termina la pausa con “/resume”.',
  resumed: 'El asistente vuelve a responder en este chat. Lo que se escribió entretanto queda sin respuesta.',
  resumedLate: 'El asistente vuelve a responder en este chat, también a lo que se escribió entretanto.',
  notPaused: 'El asistente no está en pausa en este chat.',

  permissionAsked: (agent, action, code) =>
    `${agent} pregunta si puede hacer esto:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedFor: (agent, person, action, code) =>
    `${agent} pregunta si puede hacer esto para ${person}:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedInGroup: (agent, person, action, code) =>
    `${agent} pregunta si puede hacer esto para ${person}, en un grupo:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAllowed: 'Permitido, solo esta vez.',
  permissionRejected: 'Rechazado.',
  permissionUnknown: 'Aquí ninguna pregunta con este código espera respuesta.',
  permissionNeedsCode: 'Escribe detrás el código de la pregunta.',

  forOwners: (command) => `Solo un propietario de este asistente puede usar “${command}”.`,
  didYouMean: (command) => `¿Querías decir “${command}”?`,

  helpHeading: 'Comandos:',
  helpOwners: 'Para propietarios:',
  helpRest: 'Todo lo demás va al asistente.',
  helpHelp: 'muestra esta lista',
  helpAgents: 'muestra los agentes y quién responde ahora',
  helpAgent: 'dice quién responde ahora y hasta cuándo',
  helpAgentChoose: 'elige un agente',
  helpAgentReset: 'anula la elección',
  helpModel: 'dice qué modelo responde ahora',
  helpModelChoose: 'elige un modelo del agente',
  helpModelReset: 'anula la elección',
  helpModels: 'muestra los modelos del agente',
  helpModelFavourites: 'muestra sus modelos favoritos',
  helpNew: 'empieza una conversación nueva',
  helpStop: 'detiene la respuesta en marcha',
  helpStatus: 'dice cómo están las cosas en este chat',
  helpPause:
    'silencia al asistente en este chat; escrito en el propio teléfono de la cuenta, la otra persona lo ve',
  helpResume: 'le permite volver a responder',
  helpAllow: 'da acceso a la persona que recibió este código',
  helpYes: 'permite una vez lo que pide un agente',
  helpNo: 'lo rechaza',
}

function howToAnswer(code: string): string {
  return `Para permitirlo una vez, escribe “/yes ${code}”. Si no, “/no ${code}”, o nada: a los 5 minutos queda rechazado.`
}

function afterLastMessage(minutes: number): string {
  return `${minutes === 1 ? '1 minuto' : `${number(minutes)} minutos`} después de tu último mensaje`
}

function number(value: number): string {
  return writtenNumber(value, 'es')
}
