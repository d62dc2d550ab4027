import type { Translation } from '../sentences.ts'
import { writtenNumber } from './written-number.ts'

export const indonesian: Translation = {
  unreadable: 'Saya tidak bisa membaca pesan jenis ini.',
  viewOnce: 'Saya tidak bisa membuka pesan sekali lihat. Silakan kirim lagi sebagai pesan biasa.',
  failed: 'Maaf, saya tidak bisa menjawab pesan ini. Silakan coba lagi nanti.',
  modelFailed:
    'Maaf, model yang Anda pilih di sini tidak bisa menjawab pesan ini. Tulis “/model default” untuk membatalkan pilihan itu.',
  fileTooLarge: (megabytes) =>
    `Berkas ini terlalu besar untuk saya. Saya bisa membuka berkas hingga ${number(megabytes)} MB.`,
  fileFailed: 'Maaf, saya tidak bisa membuka berkas ini. Silakan kirim lagi.',
  voiceUnheard: 'Saya belum bisa mendengarkan pesan suara. Silakan tulis saja.',
  voiceFailed:
    'Maaf, saya tidak bisa mendengarkan pesan suara ini. Silakan coba lagi nanti, atau tulis saja.',
  assistantAway: 'Asisten sedang tidak tersedia. Pesan Anda akan dijawab saat asisten kembali.',
  fileNotSent: 'Sebuah berkas yang termasuk dalam jawaban ini tidak dapat dikirim.',

  pairingCode: (code, minutes) =>
    `Anda belum bisa menulis ke asisten ini. Agar diizinkan, berikan kode ini kepada pemiliknya: ${code}. Kode ini berlaku ${number(minutes)} menit.`,
  pairingApproved: 'Sekarang Anda bisa menulis ke asisten ini.',
  pairingDone: (person) => `${person} sekarang bisa menulis kepada saya.`,
  pairingUnknown: 'Tidak ada permintaan dengan kode ini. Kode berlaku satu jam.',
  pairingHow: 'Tulis "/allow" dan kode yang diterima orang itu.',
  pairingAlone: 'Tolong tulis ini di obrolan berdua dengan saya.',
  pairingFailed: 'Orang ini tidak bisa diizinkan.',

  agentAnswersAgain: (agent) => `${agent} kembali menjawab Anda di sini.`,
  agentAnswers: (agent) =>
    `${agent} menjawab Anda di sini. Tulis “/agents” untuk melihat siapa lagi yang bisa menjawab.`,
  agentAnswersUntil: (agent, until, minutes) =>
    `${agent} menjawab Anda di sini sampai ${until} UTC, ${afterLastMessage(minutes)}.`,
  agentAnswersThen: (agent, reset) =>
    `Setelah itu ${agent} yang menjawab; langsung sekarang dengan “/agent ${reset}”.`,
  agentChosen: (agent, minutes) =>
    `Mulai sekarang ${agent} menjawab Anda di sini, sampai ${afterLastMessage(minutes)}.`,
  agentNotKept: (agent) =>
    `Pilihan tidak disimpan di sini. Awali pesan dengan “@${agent} ” untuk bertanya kepada ${agent}.`,
  agentAndQuestion: (agent) => `Tulis “/agent ${agent}” saja, atau awali pertanyaan dengan “@${agent} ”.`,
  agentUnknown: (written, known) => `Tidak ada agen “${written}”. Yang ada: ${known}.`,

  agentsHeading: 'Agen:',
  agentWhoAnswers: 'menjawab Anda di sini',
  agentsHint: 'Tulis “/agent” dan sebuah nama untuk memilih, atau awali pesan dengan “@” dan sebuah nama.',
  andMore: (count) => `dan ${number(count)} lagi`,

  modelAnswers: (agent, model) =>
    `${agent} menjawab Anda di sini dengan model ${model}. Tulis “/models” untuk melihat yang lain.`,
  modelOwnAnswers: (agent) => `${agent} menjawab Anda di sini dengan model pilihannya sendiri.`,
  modelAnswersUntil: (agent, model, until, minutes) =>
    `${agent} menjawab Anda di sini dengan model ${model} sampai ${until} UTC, ${afterLastMessage(minutes)}. Langsung dengan modelnya sendiri: “/model default”.`,
  modelChosen: (agent, model, minutes) =>
    `Mulai sekarang ${agent} menjawab Anda di sini dengan model ${model}, sampai ${afterLastMessage(minutes)}.`,
  modelAnswersAgain: (agent) => `${agent} kembali menjawab Anda di sini dengan modelnya sendiri.`,
  modelUnknown: (agent, written) =>
    `${agent} tidak punya model “${written}”. Tulis “/models” untuk melihat model yang ada.`,
  modelAmbiguous: (written, models) => `“${written}” bisa berarti salah satu dari ini: ${models}.`,
  modelNotKept: 'Pilihan tidak disimpan di sini, jadi model lain tidak bisa dipilih.',
  modelNone: (agent) => `${agent} tidak punya model untuk dipilih.`,
  modelsHeading: (agent) => `Model ${agent}:`,
  modelsFavouriteHeading: (agent) => `Model favorit ${agent}:`,
  modelsNoFavourites: (agent) =>
    `${agent} tidak punya model favorit. Tulis “/models” untuk melihat semuanya.`,
  modelWhichAnswers: 'menjawab Anda di sini',
  modelsHint: 'Tulis “/model” dan sebuah nama untuk memilih.',
  modelsAny: 'Nama model lain juga bisa dipakai.',

  newBegun: 'Percakapan baru dimulai: yang dikatakan sebelumnya sudah dilupakan di sini.',
  newAndQuestion: 'Kirim pertanyaan Anda sebagai pesan tersendiri.',

  stopped: 'Dihentikan.',
  stoppedWaiting: (count) =>
    count === 1
      ? 'Pesan yang menunggu juga tidak dijawab.'
      : `${number(count)} pesan yang menunggu juga tidak dijawab.`,
  nothingToStop: 'Tidak ada yang sedang berjalan di sini.',

  statusAccount: (account) => `Akun: ${account}`,
  statusAgent: (agent) => `Agen: ${agent}`,
  statusModel: (model) => `Model: ${model}`,
  statusAnswers: 'Asisten menjawab di chat ini.',
  statusPaused: 'Asisten sedang dijeda di chat ini.',
  statusRunning: 'Sebuah jawaban sedang dibuat.',
  statusWaiting: (count) => `Pesan yang menunggu: ${number(count)}`,

  paused: 'Asisten dijeda di chat ini. Pemilik mengakhirinya dengan “/resume”.',
  pausedAlready: 'Asisten sudah dijeda di chat ini. Pemilik mengakhirinya dengan “/resume”.',
  resumed: 'Asisten kembali menjawab di chat ini. Yang ditulis selama jeda tidak dijawab.',
  resumedLate: 'Asisten kembali menjawab di chat ini, juga yang ditulis selama jeda.',
  notPaused: 'Asisten tidak sedang dijeda di chat ini.',

  permissionAsked: (agent, action, code) =>
    `${agent} bertanya apakah boleh melakukan ini:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedFor: (agent, person, action, code) =>
    `${agent} bertanya apakah boleh melakukan ini untuk ${person}:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAskedInGroup: (agent, person, action, code) =>
    `${agent} bertanya apakah boleh melakukan ini untuk ${person}, di sebuah grup:\n\`\`\`\n${action}\n\`\`\`\n${howToAnswer(code)}`,
  permissionAllowed: 'Diizinkan, kali ini saja.',
  permissionRejected: 'Ditolak.',
  permissionUnknown: 'Tidak ada pertanyaan dengan kode ini yang menunggu jawaban di sini.',
  permissionNeedsCode: 'Tulis kode pertanyaannya di belakang perintah.',

  forOwners: (command) => `Hanya pemilik asisten ini yang bisa memakai “${command}”.`,
  didYouMean: (command) => `Maksud Anda “${command}”?`,

  helpHeading: 'Perintah:',
  helpOwners: 'Untuk pemilik:',
  helpRest: 'Selain itu, semuanya diteruskan ke asisten.',
  helpHelp: 'menampilkan daftar ini',
  helpAgents: 'menampilkan para agen, dan siapa yang menjawab sekarang',
  helpAgent: 'memberi tahu siapa yang menjawab sekarang, dan sampai kapan',
  helpAgentChoose: 'memilih agen',
  helpAgentReset: 'membatalkan pilihan',
  helpModel: 'memberi tahu model mana yang menjawab sekarang',
  helpModelChoose: 'memilih model milik agen',
  helpModelReset: 'membatalkan pilihan',
  helpModels: 'menampilkan model milik agen',
  helpModelFavourites: 'menampilkan model favoritnya',
  helpNew: 'memulai percakapan baru',
  helpStop: 'menghentikan jawaban yang sedang dibuat',
  helpStatus: 'memberi tahu keadaan di chat ini',
  helpPause:
    'membuat asisten diam di chat ini; jika ditulis di ponsel akun ini sendiri, lawan bicara melihatnya',
  helpResume: 'membuatnya menjawab lagi',
  helpAllow: 'mengizinkan orang yang menerima kode ini',
  helpYes: 'mengizinkan sekali apa yang diminta agen',
  helpNo: 'menolaknya',
}

function howToAnswer(code: string): string {
  return `Untuk mengizinkannya sekali, tulis “/yes ${code}”. Jika tidak, “/no ${code}”, atau tidak menulis apa-apa: setelah 5 menit ditolak.`
}

function afterLastMessage(minutes: number): string {
  return `${number(minutes)} menit setelah pesan terakhir Anda`
}

function number(value: number): string {
  return writtenNumber(value, 'id')
}
