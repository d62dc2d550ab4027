import type { Translation } from '../sentences.ts'
import { writtenNumber } from './written-number.ts'

export const german: Translation = {
  unreadable: 'Nachrichten dieser Art kann ich nicht lesen.',
  viewOnce:
    'Nachrichten zur einmaligen Ansicht kann ich nicht öffnen. Bitte schick sie noch einmal als normale Nachricht.',
  failed:
    'Entschuldigung, diese Nachricht konnte ich nicht beantworten. Bitte versuch es später noch einmal.',
  modelFailed:
    'Entschuldigung, das Modell, das du hier gewählt hast, konnte diese Nachricht nicht beantworten. „/model default“ nimmt die Wahl zurück.',
  fileTooLarge: (megabytes) =>
    `Diese Datei ist mir zu groß. Ich kann Dateien bis ${number(megabytes)} MB öffnen.`,
  fileFailed: 'Diese Datei konnte ich leider nicht öffnen. Bitte schick sie noch einmal.',
  voiceUnheard: 'Sprachnachrichten kann ich noch nicht anhören. Bitte schreib stattdessen.',
  voiceFailed:
    'Diese Sprachnachricht konnte ich leider nicht anhören. Bitte versuch es später noch einmal oder schreib stattdessen.',
  assistantAway:
    'Der Assistent ist gerade nicht erreichbar. Er beantwortet deine Nachricht, sobald er wieder da ist.',
  fileNotSent: 'Eine Datei, die zu dieser Antwort gehört, konnte nicht gesendet werden.',

  pairingCode: (code, minutes) =>
    `Du kannst diesem Assistenten noch nicht schreiben. Damit du zugelassen wirst, gib seinem Besitzer diesen Code: ${code}. Er gilt ${number(minutes)} Minuten.`,
  pairingApproved: 'Du kannst diesem Assistenten jetzt schreiben.',
  pairingDone: (person) => `${person} kann mir jetzt schreiben.`,
  pairingUnknown: 'Es gibt keine Anfrage mit diesem Code. Ein Code gilt eine Stunde.',
  pairingHow: 'Schreib „/allow“ und den Code, den die Person bekommen hat.',
  pairingAlone: 'Bitte schreib das in einem Chat mit mir allein.',
  pairingFailed: 'Diese Person konnte nicht zugelassen werden.',

  agentAnswersAgain: (agent) => `Hier antwortet dir wieder ${agent}.`,
  agentAnswers: (agent) => `Hier antwortet dir ${agent}. Wer es sonst könnte, zeigt „/agents“.`,
  agentAnswersUntil: (agent, until, minutes) =>
    `Hier antwortet dir ${agent} bis ${until} UTC, ${afterLastMessage(minutes)}.`,
  agentAnswersThen: (agent, reset) => `Danach antwortet ${agent}; sofort mit „/agent ${reset}“.`,
  agentChosen: (agent, minutes) => `Ab jetzt antwortet dir hier ${agent}, bis ${afterLastMessage(minutes)}.`,
  agentNotKept: (agent) =>
    `Eine Wahl bleibt hier nicht bestehen. Beginne eine Nachricht mit „@${agent} “, um ${agent} zu fragen.`,
  agentAndQuestion: (agent) => `Schreib „/agent ${agent}“ allein, oder beginne eine Frage mit „@${agent} “.`,
  agentUnknown: (written, known) => `Einen Agenten „${written}“ gibt es nicht. Es gibt: ${known}.`,

  agentsHeading: 'Agenten:',
  agentWhoAnswers: 'antwortet dir hier',
  agentsHint:
    'Zum Auswählen schreib „/agent“ und einen Namen, oder beginne eine Nachricht mit „@“ und einem Namen.',
  andMore: (count) => `und ${number(count)} weitere`,

  modelAnswers: (agent, model) =>
    `Hier antwortet dir ${agent} mit dem Modell ${model}. Die anderen zeigt „/models“.`,
  modelOwnAnswers: (agent) => `Hier antwortet dir ${agent} mit einem selbst gewählten Modell.`,
  modelAnswersUntil: (agent, model, until, minutes) =>
    `Hier antwortet dir ${agent} mit dem Modell ${model} bis ${until} UTC, ${afterLastMessage(minutes)}. Sofort wieder mit dem eigenen: „/model default“.`,
  modelChosen: (agent, model, minutes) =>
    `Ab jetzt antwortet dir hier ${agent} mit dem Modell ${model}, bis ${afterLastMessage(minutes)}.`,
  modelAnswersAgain: (agent) => `Hier antwortet dir ${agent} wieder mit dem eigenen Modell.`,
  modelUnknown: (agent, written) => `${agent} hat kein Modell „${written}“. Welche es gibt, zeigt „/models“.`,
  modelAmbiguous: (written, models) => `„${written}“ könnte jedes von diesen sein: ${models}.`,
  modelNotKept: 'Eine Wahl bleibt hier nicht bestehen, darum lässt sich kein anderes Modell wählen.',
  modelNone: (agent) => `Bei ${agent} gibt es keine Modelle zur Auswahl.`,
  modelsHeading: (agent) => `Modelle von ${agent}:`,
  modelsFavouriteHeading: (agent) => `Bevorzugte Modelle von ${agent}:`,
  modelsNoFavourites: (agent) => `Bei ${agent} gibt es keine bevorzugten Modelle. Alle zeigt „/models“.`,
  modelWhichAnswers: 'antwortet dir hier',
  modelsHint: 'Zum Auswählen schreib „/model“ und einen Namen.',
  modelsAny: 'Jeder andere Name eines Modells geht auch.',

  newBegun: 'Ein neues Gespräch beginnt: Was vorher gesagt wurde, ist hier vergessen.',
  newAndQuestion: 'Schick deine Frage als eigene Nachricht.',

  stopped: 'Angehalten.',
  stoppedWaiting: (count) =>
    count === 1
      ? 'Auch die wartende Nachricht wird nicht beantwortet.'
      : `Auch die ${number(count)} wartenden Nachrichten werden nicht beantwortet.`,
  nothingToStop: 'Hier läuft gerade nichts.',

  statusAccount: (account) => `Konto: ${account}`,
  statusAgent: (agent) => `Agent: ${agent}`,
  statusModel: (model) => `Modell: ${model}`,
  statusAnswers: 'Der Assistent antwortet in diesem Chat.',
  statusPaused: 'Der Assistent pausiert in diesem Chat.',
  statusRunning: 'Eine Antwort ist in Arbeit.',
  statusWaiting: (count) => `Wartende Nachrichten: ${number(count)}`,

  paused: 'Der Assistent pausiert jetzt in diesem Chat. Ein Besitzer beendet das mit „/resume“.',
  pausedAlready: 'Der Assistent pausiert in diesem Chat schon. Ein Besitzer beendet das mit „/resume“.',
  resumed:
    'Der Assistent antwortet in diesem Chat wieder. Was inzwischen geschrieben wurde, bleibt unbeantwortet.',
  resumedLate:
    'Der Assistent antwortet in diesem Chat wieder, auch auf das, was inzwischen geschrieben wurde.',
  notPaused: 'Der Assistent pausiert in diesem Chat nicht.',

  permissionAsked: (agent, action, code) =>
    `${agent} fragt, ob das erlaubt ist:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedFor: (agent, person, action, code) =>
    `${agent} fragt, ob das für ${person} erlaubt ist:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedInGroup: (agent, person, action, code) =>
    `${agent} fragt, ob das für ${person} in einer Gruppe erlaubt ist:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAllowed: 'Dieses eine Mal erlaubt.',
  permissionRejected: 'Abgelehnt.',
  permissionUnknown: 'Zu diesem Code wartet hier keine Frage auf eine Antwort.',
  permissionNeedsCode: 'Schreib den Code der Frage dahinter.',

  forOwners: (command) => `„${command}“ können nur Besitzer dieses Assistenten verwenden.`,
  didYouMean: (command) => `Meintest du „${command}“?`,

  helpHeading: 'Befehle:',
  helpOwners: 'Für Besitzer:',
  helpRest: 'Alles andere geht an den Assistenten.',
  helpHelp: 'zeigt diese Liste',
  helpAgents: 'zeigt die Agenten, und wer gerade antwortet',
  helpAgent: 'sagt, wer gerade antwortet, und bis wann',
  helpAgentChoose: 'wählt einen Agenten',
  helpAgentReset: 'nimmt die Wahl zurück',
  helpModel: 'sagt, welches Modell gerade antwortet',
  helpModelChoose: 'wählt ein Modell des Agenten',
  helpModelReset: 'nimmt die Wahl zurück',
  helpModels: 'zeigt die Modelle des Agenten',
  helpModelFavourites: 'zeigt seine bevorzugten Modelle',
  helpNew: 'beginnt ein neues Gespräch',
  helpStop: 'hält die laufende Antwort an',
  helpStatus: 'sagt, wie es in diesem Chat steht',
  helpPause:
    'lässt den Assistenten in diesem Chat schweigen; vom eigenen Telefon des Kontos aus sieht es die andere Seite',
  helpResume: 'lässt ihn wieder antworten',
  helpAllow: 'lässt die Person mit diesem Code zu',
  helpYes: 'erlaubt einmal, was ein Agent fragt',
  helpNo: 'lehnt es ab',
}

function howToAnswer(code: string): string {
  return `Einmal erlauben: „/yes ${code}“. Sonst „/no ${code}“ oder nichts: nach 5 Minuten ist es abgelehnt.`
}

function afterLastMessage(minutes: number): string {
  return `${minutes === 1 ? '1 Minute' : `${number(minutes)} Minuten`} nach deiner letzten Nachricht`
}

function number(value: number): string {
  return writtenNumber(value, 'de')
}
