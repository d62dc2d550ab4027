import fc from 'fast-check'
import { expect, it } from 'vitest'
import { findHits } from '../../../../src/conversations/search/words/find-hits.ts'
import { searchWords } from '../../../../src/conversations/search/words/search-words.ts'
import { SearchDesk } from './search-desk.ts'

/** A word, a text that has it, and one that does not although it looks like it. */
const WORDS: readonly [script: string, word: string, has: string, lacks: string][] = [
  ['Chinese, two characters', '会议', '我们明天的会议改期了', '我们议论了开会的事'],
  ['Chinese, one character', '猫', '她家有三只猫吗', '她家有三只狗吗'],
  ['Chinese, traditional', '電話', '請打電話給我', '請打電報給我'],
  ['Japanese, kanji', '東京', '来週は東京都で会います', '来週は京都で会います'],
  ['Japanese, kana', 'ありがとう', 'どうもありがとうございます', 'どういたしまして'],
  ['Japanese, half-wide', 'パン', 'ﾊﾟﾝを買う', 'ハンを買う'],
  ['Korean, within a word', '회의', '주간회의는 내일입니다', '주간의회는 내일입니다'],
  ['Korean, beginning', '서울', '서울에서 만나요', '부산에서 만나요'],
  ['Thai, two letters', 'มา', 'พรุ่งนี้เขาจะมาหาเรา', 'พรุ่งนี้เขาจะไปหาเรา'],
  ['Thai, a word', 'ประชุม', 'วันนี้มีประชุมใหญ่', 'วันนี้มีประชาชนมาก'],
  ['Lao', 'ຂອບໃຈ', 'ຂອບໃຈຫຼາຍໆ', 'ສະບາຍດີ'],
  ['Khmer', 'អរគុណ', 'សូមអរគុណច្រើន', 'សូមស្វាគមន៍'],
  ['Burmese', 'ကျေးဇူး', 'ကျေးဇူးတင်ပါတယ်', 'မင်္ဂလာပါ'],
  ['Hindi, two letters', 'दो', 'मुझे दो दिन चाहिए', 'मुझे दिन चाहिए'],
  ['Hindi, beginning', 'हिन्द', 'वह हिन्दी बोलती है', 'वह हँसती है'],
  ['Hindi, dot below', 'जरूर', 'मैं ज़रूर आऊँगा', 'मैं जाऊँगा'],
  ['Arabic, with points', 'مرحبا', 'مَرْحَبًا بكم', 'مرحلة جديدة'],
  ['Persian', 'کتاب', 'این كتاب من است', 'این کار من است'],
  ['Hebrew', 'שלום', 'שָׁלוֹם לכולם', 'שלחתי לכולם'],
  ['Greek, accent and last sigma', 'ΟΔΟΣ', 'Μεγάλη οδός εδώ', 'Μεγάλη οδηγία εδώ'],
  ['Russian', 'елка', 'Наша ёлка стоит', 'Наша белка стоит'],
  ['Georgian', 'გამარჯობა', 'გამარჯობა ყველას', 'გამარჯვება ყველას'],
  ['Vietnamese', 'dien thoai', 'số điện thoại mới', 'số điện toán mới'],
  ['Turkish', 'ISTANBUL', 'İstanbul’a gidiyorum', 'Ankara’ya gidiyorum'],
  ['Portuguese', 'reuniao', 'A Reunião é amanhã', 'A união é amanhã'],
  ['German, sharp s', 'STRASSE', 'In der Hauptallee und der Straße', 'Im Streß'],
  ['English, beginning', 'meet', 'Two MEETINGS today', 'Two teams met'],
  ['Tamil', 'நன்றி', 'மிக்க நன்றி ஐயா', 'வணக்கம் ஐயா'],
  ['Amharic', 'ሰላም', 'ሰላም ለሁሉም', 'ሰላሳ ሰዎች'],
  [
    'one letter, below lines of other scripts',
    'é',
    '電会会東\nاججحتبأيح\n7512690\né',
    '電会会東\nاججحتبأيح\n7512690\nét',
  ],
]

it.each(WORDS)('finds a word in its own script: %s', async (_script, word, has, lacks) => {
  const desk = new SearchDesk()
  desk.receive(has)
  desk.receive(lacks)
  expect(await desk.find(word)).toEqual(['IN1'])
  // As some keyboards and file systems write it.
  expect(await desk.find(word.normalize('NFD'))).toEqual(['IN1'])
  desk.check()
})

const NUMBERS: readonly [what: string, words: string, has: string][] = [
  ['as it is written', '+49 170 1234567', 'Call +49 170 1234567 now'],
  ['without spaces', '491701234567', 'Call +49 170 1234567 now'],
  ['as people dial it', '0170 1234567', 'Call +491701234567 now'],
  ['with two zeros', '0049 170 1234567', 'Call +49-170-1234567 now'],
  ['its last four digits', '4567', 'Call +49 170 1234567 now'],
  ['a part from its middle', '01234', 'Call +49 170 1234567 now'],
  ['in other digits', '1234567', 'اتصل على ١٢٣٤٥٦٧'],
  ['an order', '20260017', 'Order 2026-0017 is here'],
  ['the name in an address', 'anna', 'Write to anna.mueller@firma-beispiel.de'],
  ['the middle of an address', 'mueller@firma', 'Write to anna.mueller@firma-beispiel.de'],
  ['the host of an address', 'beispiel.de', 'Write to anna.mueller@firma-beispiel.de'],
  ['a whole address', 'anna.mueller@firma-beispiel.de', 'Write to Anna.Mueller@firma-beispiel.de!'],
  ['a part of a link', 'example.com/menu', 'See https://www.example.com/menu?id=7'],
  ['a sign', '🎉', 'Well done 🎉🎉'],
]

it.each(NUMBERS)('finds numbers and addresses: %s', async (_what, words, has) => {
  const desk = new SearchDesk()
  desk.receive(has)
  desk.receive('Call +49 170 7654321, or write to hanna@example.org')
  expect(await desk.find(words)).toEqual(['IN1'])
})

const alphabets = [
  'abcdeéñßøĳ',
  'абвгдеёй',
  'αβγδέςσ',
  'אבגדהוז',
  'ابتثجحأةىي',
  'कखगघकिकीक्ष',
  'กขคงจนมาีิ่้เแ',
  '会議電話開会东京',
  'かきくがぎカキガー',
  '가나다라한글',
  '0123456789',
  '০১২৩٤٥٦',
]
const word = fc
  .constantFrom(...alphabets)
  .chain((alphabet) => fc.array(fc.constantFrom(...Array.from(alphabet)), { minLength: 1, maxLength: 12 }))
  .map((letters) => letters.join(''))
  // A mark alone is no word.
  .filter((text) => /^[\p{L}\p{N}]/u.test(text) && searchWords(text).length > 0)

it('finds every text by each of its words, and shows where', async () => {
  const desk = new SearchDesk()
  await fc.assert(
    fc.asyncProperty(
      fc.array(word, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(' ', ', ', '\n', ' – '),
      fc.nat(),
      async (words, between, chosen) => {
        const text = words.join(between)
        const looked = words[chosen % words.length] ?? ''
        const conversation = desk.receive(text)
        desk.write('UPDATE inbox SET conversation = ? WHERE sequence = ?', conversation, conversation)
        const { hits } = await desk.search.search({ text: looked, conversation, limit: 10 })
        expect(hits).toHaveLength(1)
        expect(hits[0]?.snippet.some(({ isHit }) => isHit)).toBe(true)
      },
    ),
    { numRuns: 150 },
  )
  desk.check()
})

it('takes everything that a person writes as words, and nothing as a command', async () => {
  const desk = new SearchDesk()
  desk.receive('say "hello" to (everybody) NEAR us')
  for (const text of [
    '"',
    '*',
    '-',
    '(',
    ')',
    ':',
    '^',
    '"hello',
    'words:hello',
    'hello*',
    '{hello}',
    '+hello',
    'NEAR(hello us)',
    '\ud800hello',
    'hello\udfff',
    'hel\0lo',
    "'; DROP TABLE inbox; --",
    '%',
    '\u{e000}1',
  ])
    await desk.find(text)
  expect(await desk.find('"hello')).toEqual(['IN1'])
  expect(await desk.find('hello\ud800')).toEqual(['IN1'])
  expect(await desk.find('hello* OR nothing')).toEqual([])
  expect(await desk.find('hello NOT everybody')).toEqual([])
  expect(await desk.find('near')).toEqual(['IN1'])
  // The mark of conversations is none of a person's.
  expect(await desk.find('\u{e000}1')).toEqual([])
  expect(await desk.find('')).toEqual([])
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary', maxLength: 40 }),
      async (text) => void (await desk.find(text)),
    ),
    { numRuns: 100 },
  )
})

it('marks the hits in the text as it was written', () => {
  const hitsOf = (text: string, words: string): string[] | undefined =>
    findHits(text.normalize('NFC'), searchWords(words))?.map(({ start, end }) =>
      text.normalize('NFC').slice(start, end),
    )
  expect(hitsOf('A Reunião é amanhã, reunião!', 'reuniao')).toEqual(['Reunião', 'reunião'])
  expect(hitsOf('我们明天的会议改期了', '会议 改期')).toEqual(['会议', '改期'])
  expect(hitsOf('In der Straße', 'strass')).toEqual(['Straß'])
  expect(hitsOf('Call +49 170 1234567', '0170 123')).toEqual(['170 123'])
  expect(hitsOf('anna.mueller@firma.de', 'mueller@firma')).toEqual(['mueller', 'firma'])
  expect(hitsOf('one two', 'one three')).toBeUndefined()
})
