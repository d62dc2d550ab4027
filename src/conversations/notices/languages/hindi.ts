import type { Translation } from '../sentences.ts'
import { writtenNumber } from './written-number.ts'

export const hindi: Translation = {
  unreadable: 'मैं इस प्रकार के संदेश नहीं पढ़ सकता।',
  viewOnce: 'मैं "एक बार देखें" वाले संदेश नहीं खोल सकता। कृपया इसे सामान्य संदेश के रूप में फिर से भेजें।',
  failed: 'क्षमा करें, इस संदेश का उत्तर नहीं दिया जा सका। कृपया बाद में फिर कोशिश करें।',
  modelFailed:
    'क्षमा करें, यहाँ आपका चुना हुआ मॉडल इस संदेश का उत्तर नहीं दे सका। चुनाव वापस लेने के लिए "/model default" लिखें।',
  fileTooLarge: (megabytes) => `यह फ़ाइल मेरे लिए बहुत बड़ी है। मैं ${number(megabytes)} MB तक की फ़ाइलें खोल सकता हूँ।`,
  fileFailed: 'क्षमा करें, यह फ़ाइल नहीं खुल सकी। कृपया इसे फिर से भेजें।',
  voiceUnheard: 'मैं अभी वॉइस मैसेज नहीं सुन सकता। कृपया लिखकर भेजें।',
  voiceFailed: 'क्षमा करें, मैं यह वॉइस मैसेज नहीं सुन सका। कृपया बाद में फिर कोशिश करें, या लिखकर भेजें।',
  assistantAway: 'सहायक अभी उपलब्ध नहीं है। वापस आने पर वह आपके संदेश का उत्तर देगा।',
  fileNotSent: 'इस उत्तर के साथ की एक फ़ाइल नहीं भेजी जा सकी।',

  pairingCode: (code, minutes) =>
    `आप अभी इस असिस्टेंट को नहीं लिख सकते। अनुमति पाने के लिए इसके मालिक को यह कोड दें: ${code}। यह ${number(minutes)} मिनट तक मान्य है।`,
  pairingApproved: 'अब आप इस असिस्टेंट को लिख सकते हैं।',
  pairingDone: (person) => `${person} अब मुझे लिख सकते हैं।`,
  pairingUnknown: 'इस कोड का कोई अनुरोध नहीं है। कोड एक घंटे तक मान्य रहता है।',
  pairingHow: '“/allow” और वह कोड लिखें जो उस व्यक्ति को मिला है।',
  pairingAlone: 'कृपया यह सिर्फ़ मेरे साथ वाली चैट में लिखें।',
  pairingFailed: 'इस व्यक्ति को अनुमति नहीं दी जा सकी।',

  agentAnswersAgain: (agent) => `यहाँ फिर से ${agent} आपको उत्तर देता है।`,
  agentAnswers: (agent) => `यहाँ ${agent} आपको उत्तर देता है। और कौन उत्तर दे सकता है, यह देखने के लिए "/agents" लिखें।`,
  agentAnswersUntil: (agent, until, minutes) =>
    `यहाँ ${agent} आपको ${until} UTC तक उत्तर देता है, यानी ${afterLastMessage(minutes)} तक।`,
  agentAnswersThen: (agent, reset) => `उसके बाद ${agent} उत्तर देता है; तुरंत बदलने के लिए "/agent ${reset}" लिखें।`,
  agentChosen: (agent, minutes) => `अब से यहाँ ${agent} आपको उत्तर देता है, ${afterLastMessage(minutes)} तक।`,
  agentNotKept: (agent) => `यहाँ चुनाव बना नहीं रहता। ${agent} से पूछने के लिए संदेश की शुरुआत "@${agent} " से करें।`,
  agentAndQuestion: (agent) => `केवल "/agent ${agent}" लिखें, या प्रश्न की शुरुआत "@${agent} " से करें।`,
  agentUnknown: (written, known) => `"${written}" नाम का कोई एजेंट नहीं है। ये हैं: ${known}।`,

  agentsHeading: 'एजेंट:',
  agentWhoAnswers: 'यहाँ आपको उत्तर देता है',
  agentsHint: 'चुनने के लिए "/agent" और नाम लिखें, या संदेश की शुरुआत "@" और नाम से करें।',
  andMore: (count) => `और ${number(count)} अन्य`,

  modelAnswers: (agent, model) =>
    `यहाँ ${agent} आपको मॉडल ${model} से उत्तर देता है। बाकी देखने के लिए "/models" लिखें।`,
  modelOwnAnswers: (agent) => `यहाँ ${agent} आपको अपने चुने हुए मॉडल से उत्तर देता है।`,
  modelAnswersUntil: (agent, model, until, minutes) =>
    `यहाँ ${agent} आपको मॉडल ${model} से ${until} UTC तक उत्तर देता है, यानी ${afterLastMessage(minutes)} तक। तुरंत उसके अपने मॉडल के लिए "/model default" लिखें।`,
  modelChosen: (agent, model, minutes) =>
    `अब से यहाँ ${agent} आपको मॉडल ${model} से उत्तर देता है, ${afterLastMessage(minutes)} तक।`,
  modelAnswersAgain: (agent) => `यहाँ ${agent} आपको फिर से अपने मॉडल से उत्तर देता है।`,
  modelUnknown: (agent, written) =>
    `${agent} के पास "${written}" नाम का कोई मॉडल नहीं है। कौन से हैं, यह देखने के लिए "/models" लिखें।`,
  modelAmbiguous: (written, models) => `"${written}" इनमें से कोई भी हो सकता है: ${models}।`,
  modelNotKept: 'यहाँ चुनाव बना नहीं रहता, इसलिए कोई दूसरा मॉडल नहीं चुना जा सकता।',
  modelNone: (agent) => `${agent} के पास चुनने के लिए कोई मॉडल नहीं है।`,
  modelsHeading: (agent) => `${agent} के मॉडल:`,
  modelsFavouriteHeading: (agent) => `${agent} के पसंदीदा मॉडल:`,
  modelsNoFavourites: (agent) => `${agent} के पास कोई पसंदीदा मॉडल नहीं है। सभी देखने के लिए "/models" लिखें।`,
  modelWhichAnswers: 'यहाँ आपको उत्तर देता है',
  modelsHint: 'चुनने के लिए "/model" और नाम लिखें।',
  modelsAny: 'किसी भी दूसरे मॉडल का नाम भी चलेगा।',

  newBegun: 'नई बातचीत शुरू होती है: पहले कही गई बातें यहाँ भुला दी गई हैं।',
  newAndQuestion: 'अपना प्रश्न अलग संदेश में भेजें।',

  stopped: 'रोक दिया गया।',
  stoppedWaiting: (count) =>
    count === 1
      ? 'प्रतीक्षा कर रहे संदेश का उत्तर भी नहीं दिया जाएगा।'
      : `प्रतीक्षा कर रहे ${number(count)} संदेशों का उत्तर भी नहीं दिया जाएगा।`,
  nothingToStop: 'यहाँ अभी कुछ नहीं चल रहा है।',

  statusAccount: (account) => `खाता: ${account}`,
  statusAgent: (agent) => `एजेंट: ${agent}`,
  statusModel: (model) => `मॉडल: ${model}`,
  statusAnswers: 'सहायक इस चैट में उत्तर देता है।',
  statusPaused: 'सहायक इस चैट में रुका हुआ है।',
  statusRunning: 'एक उत्तर तैयार हो रहा है।',
  statusWaiting: (count) => `प्रतीक्षा कर रहे संदेश: ${number(count)}`,

  paused: 'सहायक अब इस चैट में रुका हुआ है। कोई मालिक "/resume" लिखकर उसे फिर चालू कर सकता है।',
  pausedAlready: 'सहायक इस चैट में पहले से रुका हुआ है। कोई मालिक "/resume" लिखकर उसे फिर चालू कर सकता है।',
  resumed: 'सहायक इस चैट में फिर से उत्तर देता है। इस बीच लिखे गए संदेशों का उत्तर नहीं दिया जाएगा।',
  resumedLate: 'सहायक इस चैट में फिर से उत्तर देता है, इस बीच लिखे गए संदेशों का भी।',
  notPaused: 'सहायक इस चैट में रुका हुआ नहीं है।',

  permissionAsked: (agent, action, code) =>
    `${agent} पूछता है कि क्या वह यह कर सकता है:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedFor: (agent, person, action, code) =>
    `${agent} पूछता है कि क्या वह ${person} के लिए यह कर सकता है:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedInGroup: (agent, person, action, code) =>
    `${agent} पूछता है कि क्या वह एक ग्रुप में ${person} के लिए यह कर सकता है:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAllowed: 'केवल इस बार अनुमति दी गई।',
  permissionRejected: 'अस्वीकार किया गया।',
  permissionUnknown: 'इस कोड वाला कोई प्रश्न यहाँ उत्तर की प्रतीक्षा में नहीं है।',
  permissionNeedsCode: 'इसके बाद प्रश्न का कोड लिखें।',

  forOwners: (command) => `"${command}" का उपयोग केवल इस सहायक का मालिक कर सकता है।`,
  didYouMean: (command) => `क्या आपका मतलब "${command}" था?`,

  helpHeading: 'कमांड:',
  helpOwners: 'मालिकों के लिए:',
  helpRest: 'बाकी सब कुछ सहायक को जाता है।',
  helpHelp: 'यह सूची दिखाता है',
  helpAgents: 'एजेंटों की सूची दिखाता है, और अभी कौन उत्तर देता है',
  helpAgent: 'बताता है कि अभी कौन उत्तर देता है, और कब तक',
  helpAgentChoose: 'एक एजेंट चुनता है',
  helpAgentReset: 'चुनाव वापस लेता है',
  helpModel: 'बताता है कि अभी कौन सा मॉडल उत्तर देता है',
  helpModelChoose: 'एजेंट का एक मॉडल चुनता है',
  helpModelReset: 'चुनाव वापस लेता है',
  helpModels: 'एजेंट के मॉडल दिखाता है',
  helpModelFavourites: 'उसके पसंदीदा मॉडल दिखाता है',
  helpNew: 'नई बातचीत शुरू करता है',
  helpStop: 'तैयार हो रहे उत्तर को रोकता है',
  helpStatus: 'बताता है कि इस चैट की स्थिति क्या है',
  helpPause: 'इस चैट में सहायक को चुप कराता है; खाते के अपने फ़ोन से लिखने पर सामने वाला इसे देखता है',
  helpResume: 'उसे फिर से उत्तर देने देता है',
  helpAllow: 'जिस व्यक्ति को यह कोड मिला है उसे अनुमति देता है',
  helpYes: 'एजेंट जो पूछता है, उसकी एक बार अनुमति देता है',
  helpNo: 'उसे अस्वीकार करता है',
}

function howToAnswer(code: string): string {
  return `एक बार अनुमति देने के लिए "/yes ${code}" लिखें। नहीं तो "/no ${code}" लिखें, या कुछ न लिखें: 5 मिनट बाद यह अस्वीकार हो जाता है।`
}

function afterLastMessage(minutes: number): string {
  return `आपके आखिरी संदेश के ${number(minutes)} मिनट बाद`
}

function number(value: number): string {
  return writtenNumber(value, 'hi')
}
