import type { Translation } from '../sentences.ts'
import { writtenNumber } from './written-number.ts'

/** Arabic counts one, two, a few (3 to 10), many (11 to 99) and the rest in forms of their own. */
const COUNTING = new Intl.PluralRules('ar')

/** Begins a line whose first letters are Latin. */
const RIGHT_TO_LEFT_MARK = '\u200F'

/** Commands are written from left to right in isolates, so that their slash stays before them. */
export const arabic: Translation = {
  unreadable: 'لا أستطيع قراءة رسائل من هذا النوع.',
  viewOnce: 'لا أستطيع فتح رسائل العرض لمرة واحدة. يرجى إرسالها مجددًا كرسالة عادية.',
  failed: 'عذرًا، لم أتمكن من الرد على هذه الرسالة. يُرجى المحاولة لاحقًا.',
  modelFailed: `عذرًا، لم يتمكن النموذج الذي اخترته هنا من الرد على هذه الرسالة. للعودة إلى النموذج الأصلي اكتب «${ltr('/model default')}».`,
  fileTooLarge: (megabytes) =>
    `هذا الملف أكبر مما أستطيع فتحه. يمكنني فتح ملفات حتى ${number(megabytes)} ميغابايت.`,
  fileFailed: 'عذرًا، لم أتمكن من فتح هذا الملف. يُرجى إرساله مرة أخرى.',
  voiceUnheard: 'لا يمكنني الاستماع إلى الرسائل الصوتية بعد. يُرجى الكتابة بدلاً من ذلك.',
  voiceFailed: 'عذرًا، لم أتمكن من الاستماع إلى هذه الرسالة الصوتية. يُرجى المحاولة لاحقًا أو الكتابة بدلاً من ذلك.',
  assistantAway: 'المساعد غير متاح الآن. سيرد على رسالتك عندما يعود.',
  fileNotSent: 'تعذّر إرسال ملف يخص هذه الإجابة.',

  pairingCode: (code, minutes) =>
    `لا يمكنك الكتابة إلى هذا المساعد بعد. للسماح لك، أعطِ مالكه هذا الرمز: ${code}. الرمز صالح لمدة ${number(minutes)} دقيقة.`,
  pairingApproved: 'يمكنك الآن الكتابة إلى هذا المساعد.',
  pairingDone: (person) => `يمكن لـ ${person} الكتابة إليّ الآن.`,
  pairingUnknown: 'لا يوجد طلب بهذا الرمز. الرمز صالح لمدة ساعة.',
  pairingHow: `اكتب «${ltr('/allow')}» والرمز الذي وصل إلى الشخص.`,
  pairingAlone: 'من فضلك اكتب هذا في محادثة معي وحدي.',
  pairingFailed: 'تعذّر السماح لهذا الشخص.',

  agentAnswersAgain: (agent) => `يرد عليك هنا ${agent} من جديد.`,
  agentAnswers: (agent) => `يرد عليك هنا ${agent}. اكتب «${ltr('/agents')}» لمعرفة من يمكنه الرد أيضًا.`,
  agentAnswersUntil: (agent, until, minutes) =>
    `يرد عليك هنا ${agent} حتى ${until} بتوقيت ${ltr('UTC')}، أي ${afterLastMessage(minutes)}.`,
  agentAnswersThen: (agent, reset) => `بعد ذلك يرد ${agent}؛ وللتغيير فورًا اكتب «${ltr(`/agent ${reset}`)}».`,
  agentChosen: (agent, minutes) => `من الآن يرد عليك هنا ${agent}، إلى ما ${afterLastMessage(minutes)}.`,
  agentNotKept: (agent) => `لا يُحفظ الاختيار هنا. ابدأ الرسالة بـ «${ltr(`@${agent} `)}» لتسأل ${agent}.`,
  agentAndQuestion: (agent) =>
    `اكتب «${ltr(`/agent ${agent}`)}» وحدها، أو ابدأ السؤال بـ «${ltr(`@${agent} `)}».`,
  agentUnknown: (written, known) => `لا يوجد وكيل باسم «${written}». الوكلاء هم: ${known}.`,

  agentsHeading: 'الوكلاء:',
  agentWhoAnswers: 'يرد عليك هنا',
  agentsHint: `للاختيار اكتب «${ltr('/agent')}» ثم اسمًا، أو ابدأ الرسالة بـ «${ltr('@')}» ثم اسم.`,
  item: (name) => `${RIGHT_TO_LEFT_MARK}${name}`,
  itemWith: (name, what) => `${RIGHT_TO_LEFT_MARK}${name}، ${what}`,
  andMore: (count) => `و${number(count)} غيرها`,

  modelAnswers: (agent, model) =>
    `يرد عليك هنا ${agent} بالنموذج ${model}. اكتب «${ltr('/models')}» لرؤية النماذج الأخرى.`,
  modelOwnAnswers: (agent) => `يرد عليك هنا ${agent} بنموذج يختاره بنفسه.`,
  modelAnswersUntil: (agent, model, until, minutes) =>
    `يرد عليك هنا ${agent} بالنموذج ${model} حتى ${until} بتوقيت ${ltr('UTC')}، أي ${afterLastMessage(minutes)}. للعودة فورًا إلى نموذجه اكتب «${ltr('/model default')}».`,
  modelChosen: (agent, model, minutes) =>
    `من الآن يرد عليك هنا ${agent} بالنموذج ${model}، إلى ما ${afterLastMessage(minutes)}.`,
  modelAnswersAgain: (agent) => `يرد عليك هنا ${agent} بنموذجه من جديد.`,
  modelUnknown: (agent, written) =>
    `ليس لدى ${agent} نموذج باسم «${written}». اكتب «${ltr('/models')}» لرؤية نماذجه.`,
  modelAmbiguous: (written, models) => `قد يعني «${written}» أيًّا من هذه: ${models}.`,
  modelNotKept: 'لا يُحفظ الاختيار هنا، لذلك لا يمكن اختيار نموذج آخر.',
  modelNone: (agent) => `ليس لدى ${agent} نماذج للاختيار.`,
  modelsHeading: (agent) => `نماذج ${agent}:`,
  modelsFavouriteHeading: (agent) => `النماذج المفضلة لدى ${agent}:`,
  modelsNoFavourites: (agent) => `ليس لدى ${agent} نماذج مفضلة. اكتب «${ltr('/models')}» لرؤيتها جميعًا.`,
  modelWhichAnswers: 'يرد عليك هنا',
  modelsHint: `للاختيار اكتب «${ltr('/model')}» ثم اسمًا.`,
  modelsAny: 'ويصلح أيضًا اسم أي نموذج آخر.',

  newBegun: 'تبدأ محادثة جديدة: ما قيل من قبل صار منسيًّا هنا.',
  newAndQuestion: 'أرسل سؤالك في رسالة مستقلة.',

  stopped: 'تم الإيقاف.',
  stoppedWaiting: (count) => `ولن يُرد أيضًا على ${waitingMessages(count)}.`,
  nothingToStop: 'لا شيء قيد التنفيذ هنا.',

  statusAccount: (account) => `الحساب: ${account}`,
  statusAgent: (agent) => `الوكيل: ${agent}`,
  statusModel: (model) => `النموذج: ${model}`,
  statusAnswers: 'المساعد يرد في هذه الدردشة.',
  statusPaused: 'المساعد متوقف مؤقتًا في هذه الدردشة.',
  statusRunning: 'يجري إعداد رد.',
  statusWaiting: (count) => `الرسائل المنتظرة: ${number(count)}`,

  paused: `المساعد متوقف مؤقتًا في هذه الدردشة. يُنهي أحد المالكين ذلك بـ «${ltr('/resume')}».`,
  pausedAlready: `المساعد متوقف مؤقتًا في هذه الدردشة من قبل. يُنهي أحد المالكين ذلك بـ «${ltr('/resume')}».`,
  resumed: 'المساعد يرد في هذه الدردشة من جديد. ما كُتب في هذه الأثناء يبقى دون رد.',
  resumedLate: 'المساعد يرد في هذه الدردشة من جديد، وعلى ما كُتب في هذه الأثناء أيضًا.',
  notPaused: 'المساعد ليس متوقفًا في هذه الدردشة.',

  permissionAsked: (agent, action, code) =>
    `يسأل ${agent} هل يُسمح له بفعل هذا:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedFor: (agent, person, action, code) =>
    `يسأل ${agent} هل يُسمح له بفعل هذا من أجل ${person}:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedInGroup: (agent, person, action, code) =>
    `يسأل ${agent} هل يُسمح له بفعل هذا من أجل ${person} في مجموعة:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAllowed: 'سُمح بذلك هذه المرة فقط.',
  permissionRejected: 'رُفض ذلك.',
  permissionUnknown: 'لا سؤال بهذا الرمز ينتظر ردًّا هنا.',
  permissionNeedsCode: 'اكتب رمز السؤال بعد الأمر.',

  forOwners: (command) => `لا يستخدم «${command}» إلا مالك هذا المساعد.`,
  didYouMean: (command) => `هل تقصد «${command}»؟`,

  helpHeading: 'الأوامر:',
  helpLine: (usage, does) => `${RIGHT_TO_LEFT_MARK}${usage}: ${does}`,
  helpOwners: 'للمالكين:',
  helpRest: 'كل ما عدا ذلك يصل إلى المساعد.',
  helpHelp: 'يعرض هذه القائمة',
  helpAgents: 'يعرض الوكلاء ومن يرد الآن',
  helpAgent: 'يذكر من يرد الآن وإلى متى',
  helpAgentChoose: 'يختار وكيلًا',
  helpAgentReset: 'يلغي الاختيار',
  helpModel: 'يذكر النموذج الذي يرد الآن',
  helpModelChoose: 'يختار نموذجًا للوكيل',
  helpModelReset: 'يلغي الاختيار',
  helpModels: 'يعرض نماذج الوكيل',
  helpModelFavourites: 'يعرض نماذجه المفضلة',
  helpNew: 'يبدأ محادثة جديدة',
  helpStop: 'يوقف الرد الجاري إعداده',
  helpStatus: 'يذكر الحالة في هذه الدردشة',
  helpPause: 'يُسكت المساعد في هذه الدردشة؛ وإذا كُتب على هاتف الحساب نفسه يراه الطرف الآخر',
  helpResume: 'يسمح له بالرد من جديد',
  helpAllow: 'يسمح للشخص الذي وصله هذا الرمز',
  helpYes: 'يسمح مرة واحدة بما يطلبه الوكيل',
  helpNo: 'يرفضه',
}

/** In a left-to-right isolate. */
function ltr(text: string): string {
  return `\u2066${text}\u2069`
}

function howToAnswer(code: string): string {
  return `للسماح مرة واحدة اكتب «${ltr(`/yes ${code}`)}». وإلا فاكتب «${ltr(`/no ${code}`)}» أو لا تكتب شيئًا: يُرفض بعد 5 دقائق.`
}

function afterLastMessage(minutes: number): string {
  return `بعد ${minutesOf(minutes)} من آخر رسالة لك`
}

function minutesOf(minutes: number): string {
  const form = COUNTING.select(minutes)
  if (form === 'one') return 'دقيقة واحدة'
  if (form === 'two') return 'دقيقتين'
  return `${number(minutes)} ${form === 'few' ? 'دقائق' : 'دقيقة'}`
}

function waitingMessages(count: number): string {
  const form = COUNTING.select(count)
  if (form === 'one') return 'الرسالة المنتظرة'
  if (form === 'two') return 'الرسالتين المنتظرتين'
  return `${number(count)} ${form === 'few' ? 'رسائل' : 'رسالة'} منتظرة`
}

function number(value: number): string {
  return writtenNumber(value, 'ar')
}
