import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import type { MediaRequest } from '../../src/simulator/server/media/media-server.ts'
import type {
  RecordedFailure,
  RecordedMessage,
  RecordedReceipt,
  RecordedTyping,
} from '../../src/simulator/phones/records.ts'
import { SENTENCES } from '../../src/conversations/notices/sentences.ts'
import { EVERYBODY, OWNER, type Person } from './cast.ts'
import { type Counts, noCounts } from './counts.ts'
import { isAfter, isComplete, mayBeSeen, type Place, type Question, type Word } from './question.ts'
import { groupOf, isFromAssistant } from './from-assistant.ts'
import { FileBook } from './file-book.ts'
import { ProgramLedger } from './programs/program-ledger.ts'
import { QuestionBook } from './question-book.ts'
import { ReactionBook } from './reaction-book.ts'
import { TakeoverBook } from './takeover-book.ts'

/** Longer than any campaign. */
const WATCH_MS = 20 * 24 * 3_600_000
/** On a question that got no answer, while it has just been said that there was none. */
const FAILURE_MARK = '⚠️'
/** What the daemon says to `/resume`. */
const HANDED_BACK: ReadonlySet<string> = new Set([
  SENTENCES.resumed,
  SENTENCES.resumedLate,
  SENTENCES.notPaused,
])
/** What stands for a file in the words of a bot that repeats all of them. */
const DESCRIPTIONS = /\[document "words\.txt"\]|\(document "words\.txt"[^)]*\)/g
/** What an assistant says of a file for which there was no room. */
const NO_ROOM = 'no-file:There_is_no_room'
/** What WhatsApp itself tells a sender about every message: it arrived, or it could not be read. */
const PROTOCOL_RECEIPTS: ReadonlySet<string> = new Set(['delivery', 'inactive', 'retry', ''])

/**
 * Counts at the phones. Everything that an allowed person writes is made of words that nobody wrote before, and the
 * assistant repeats what it is told: each word must come back where it was written, once at every phone that is there,
 * in order, and nothing else to anybody. Of a text that was edited one version may come back, the old or the new.
 */
export class Ledger {
  readonly reactions = new ReactionBook()
  readonly files = new FileBook()
  readonly #book = new QuestionBook()
  readonly takeovers = new TakeoverBook()
  readonly programs = new ProgramLedger({
    found: (count, what) => {
      this.#counts[count]++
      this.#find(what)
    },
    progressed: () => (this.#lastProgressMs = performance.now()),
    ownerSent: (person, id) => this.#ownerSent(person, id),
    wasTakenOver: (person) => this.#takenOver.has(person) || this.#takenBefore.has(person),
    isExcused: () => this.#isExcused,
  })
  /** Whom the owner has answered in this run, and in the one before: the assistant may still be on its way to hear that it is over. */
  #takenOver = new Set<Person>()
  #takenBefore = new Set<Person>()
  /** What left for somebody whom the owner answers: that of the owner's own does, too. */
  readonly #suspects = new Map<string, Person>()
  /** Written while the owner answered their author. */
  readonly #missed = new Set<Question>()
  /** JIDs of the groups in which the assistant answers, and who is in them. */
  readonly #groups = new Map<string, ReadonlySet<Person>>()
  /** The latest word of somebody's that came back to somebody in a chat. */
  readonly #reached = new Map<string, Word>()
  readonly #texts = new Map<string, string>()
  readonly #findings: string[] = []
  readonly #counts = noCounts()
  #lastProgressMs = performance.now()
  #run = 0
  #isExcused = false
  #note: (what: string) => void = () => {}

  /** In this group the assistant may show itself to everybody who is there. */
  allowGroup(jid: string, members: readonly Person[]): void {
    this.#groups.set(jid, new Set(members))
  }

  /** Watches a person's phone from now on. */
  watch(person: Person, phone: SimulatedPhone): void {
    // Conditions that never hold: they see everything that comes, also when the phone's records are full.
    const seen = <T>(look: (item: T) => void) => {
      return (item: T): boolean => {
        look(item)
        return false
      }
    }
    const ofMessages = (look: (message: RecordedMessage) => void) =>
      seen((message: RecordedMessage) => isFromAssistant(person, message) && look(message))
    const watches: Promise<unknown>[] = [
      phone.waitForText(
        ofMessages((message) => this.#received(person, message, phone)),
        WATCH_MS,
      ),
      phone.waitForDuplicate(
        ofMessages((message) => this.#again(person, message)),
        WATCH_MS,
      ),
      phone.waitForFailure(
        seen((failure: RecordedFailure) => this.#unreadable(person, failure)),
        WATCH_MS,
      ),
      phone.waitForTyping(
        seen((typing: RecordedTyping) => this.#typing(person, typing)),
        WATCH_MS,
      ),
      phone.waitForReceipt(
        seen((receipt: RecordedReceipt) => this.#receipt(person, receipt)),
        WATCH_MS,
      ),
    ]
    for (const watch of watches) watch.catch(() => undefined) // the simulator stops at the end
  }

  /** What happens from now on belongs to this run; harmless oddities go to `note`. */
  beginRun(run: number, note: (what: string) => void): void {
    this.#run = run
    this.#note = note
    this.#isExcused = false
    this.#takenBefore = this.#takenOver
    this.#takenOver = new Set()
    this.programs.beginRun(run)
    this.#lastProgressMs = performance.now()
  }

  /** A text of `length` new words, which its person is about to write here; an answer may be due. */
  newText(author: Person, place: Place, length: number): string {
    this.#counts.messages++
    const text = this.#book.write({ author, place, length, run: this.#run })
    const question = this.#book.word(text.split(' ')[0] ?? '')?.question
    if (question !== undefined && place.chat === null && this.takeovers.isHeld(author))
      this.#missed.add(question)
    return text
  }

  /** The new words of a text, which its author is about to edit. */
  editedText(text: string, length: number): string {
    return this.#book.edit(text, length)
  }

  /** The text's author is about to delete it: the answer may come or not. */
  revoked(text: string): void {
    this.#book.revoke(text)
  }

  /** How many texts are not answered, or not to the end, and how many of programs have not arrived. */
  get outstanding(): number {
    return this.#book.open.size + this.programs.outstanding.length
  }

  /** Milliseconds since anything that was awaited came. */
  get quietMs(): number {
    return performance.now() - this.#lastProgressMs
  }

  /** Waiting is over for what is still outstanding: lost, unless it comes after all. */
  giveUp(): void {
    for (const question of this.#book.open) {
      question.isOverdue = true
      this.#counts.lost++
      if (this.#missed.has(question)) this.#counts.lostAfterResume++
      this.#find(`lost: ${question.name}, written in run ${question.run}`)
      this.#book.close(question)
    }
    this.programs.giveUp()
  }

  /** From now on, in this run, the assistant may say that it cannot answer. */
  excuse(): void {
    this.#isExcused = true
  }

  get isExcused(): boolean {
    return this.#isExcused
  }

  /** What is still outstanding need not come any more; when it does, then once. */
  forgive(): void {
    for (const question of this.#book.open) this.#book.close(question)
  }

  /** The owner has answered this person by hand: what they wrote before need not be answered by the assistant. */
  ownerWrote(person: Person, id: string): void {
    this.takeovers.ownerWrote(person, id)
    this.#took(person)
  }

  #ownerSent(person: Person, id: string): void {
    this.takeovers.ownerSent(person, id)
    this.#took(person)
  }

  #took(person: Person): void {
    this.#takenOver.add(person)
    for (const question of this.#book.open)
      if (question.author === person && question.place.chat === null) this.#book.close(question)
  }

  /** The assistant sent this, in this order. `addressesOf`: the user parts of somebody's addresses. */
  assistantSent(node: Stanza, addressesOf: (person: Person) => readonly string[]): void {
    const person = this.takeovers.sent(node, addressesOf)
    if (person !== null) this.#suspects.set(node.attrs.id ?? '', person)
  }

  /** Everything of this run is settled. */
  endRun(): void {
    for (const [id, person] of this.#suspects) {
      if (this.programs.isOwners(id)) continue
      this.#counts.talkedOver++
      this.#find(`talked over: ${id} to ${person.name}, whom the owner answers`)
    }
    this.#suspects.clear()
  }

  killed(): void {
    this.#counts.kills++
  }

  corrupt(what: string): void {
    this.#counts.corrupt++
    this.#find(`corrupt: ${what}`)
  }

  /** The server asked for a sign of life so many times, and got none. */
  unanswered(pings: number): void {
    this.#counts.unanswered += pings
    if (pings > 0) this.#find(`unanswered: ${pings} pings`)
  }

  unacknowledged(what: string): void {
    this.#counts.unacknowledged++
    this.#find(`unacknowledged: ${what}`)
  }

  crashed(what: string): void {
    this.#counts.crashes++
    this.#find(what)
  }

  get counts(): Counts {
    return { ...this.#counts }
  }

  /** Findings since the last question, each with the run in which it was made. */
  takeFindings(): string[] {
    return this.#findings.splice(0)
  }

  /** Somebody asked WhatsApp's servers for a file, or brought one. */
  requested(request: MediaRequest): void {
    if (!this.files.isForbidden(request)) return
    this.#counts.unauthorised++
    this.#find(`unauthorised: fetched a file that nobody may fetch (${request.path})`)
  }

  #received(person: Person, message: RecordedMessage, phone: SimulatedPhone): void {
    this.#texts.set(`${person.letter} ${message.id}`, message.text)
    const chat = groupOf(message.chat)
    if (!this.#maySeeAnything(person, chat)) return this.#unauthorised(person, 'a message')
    const { reaction } = message
    // Of questions that wait in line, also in the run after it.
    if (message.text === SENTENCES.failed) return this.#apologised(person)
    if (HANDED_BACK.has(message.text)) return
    if (reaction !== undefined && reaction.emoji === FAILURE_MARK) return this.reactions.deleted(reaction.id)
    if (reaction !== undefined) return this.#reacted(person, { ...message, reaction })
    const damage = this.files.complaint(phone, message)
    if (damage !== null) this.corrupt(`${person.name} got a file in ${message.id}: ${damage}`)
    const repeated = new Set<Question>()
    const words = message.text
      .replace(DESCRIPTIONS, '')
      .split(/\s+/)
      .filter((text) => text !== '' && !text.startsWith('@'))
    this.programs.events.shown(message.id)
    if (this.programs.received(person, words, { chat, id: message.id })) return
    if (message.text.trim() === '' && message.media === undefined)
      this.corrupt(`${person.name} got ${message.id} without a word`)
    for (const text of words) {
      const word = this.#book.word(text)
      if (text.startsWith(NO_ROOM) && this.files.mayLackRoom) continue
      if (word === undefined) this.corrupt(`${person.name} got ${JSON.stringify(text.slice(0, 60))}`)
      else if (!mayBeSeen(word.question, person, chat))
        this.#unauthorised(person, `an answer to ${word.question.name} of ${word.question.author.name}`)
      else if (!this.#answered(person, word, message.id)) repeated.add(word.question)
    }
    for (const { name, run } of repeated) {
      this.#counts.duplicated++
      this.#find(`duplicated: ${name} of run ${run}, again at ${person.name} in ${message.id}`)
    }
  }

  #apologised(person: Person): void {
    if (this.#isExcused) this.#lastProgressMs = performance.now()
    else this.#find(`apologised: to ${person.name}, while nobody had died`)
  }

  #reacted(person: Person, message: RecordedMessage & { reaction: { id: string; emoji: string } }): void {
    const { id } = message.reaction
    // A deletion may cross a reaction.
    if (this.reactions.isDeleted(id)) return
    if (!this.reactions.mayBeOn(id)) return this.#unauthorised(person, `a reaction to ${id}`)
    if (this.reactions.isFirst(person, message)) return
    this.#counts.duplicated++
    this.#find(`duplicated: a reaction to ${id} at ${person.name}, in ${message.id}`)
  }

  /** False when the word, or another version of its text, had come before. */
  #answered(person: Person, word: Word, messageId: string): boolean {
    const { question, version } = word
    const answer = question.answers.get(person) ?? { version, missing: question.lengths[version] ?? 0 }
    if (word.answeredBy.has(person) || answer.version !== version) return false
    word.answeredBy.set(person, messageId)
    question.answers.set(person, answer)
    answer.missing--
    this.#lastProgressMs = performance.now()
    this.#checkOrder(person, word)
    if (!isComplete(question)) return true
    this.#book.close(question)
    if (!question.isOverdue) return true
    this.#counts.late++
    this.#find(`late: ${question.name} of run ${question.run} came after all`)
    return true
  }

  #checkOrder(person: Person, word: Word): void {
    const { question } = word
    const stream = `${person.letter} ${question.place.chat ?? ''} ${question.author.letter}`
    const reached = this.#reached.get(stream)
    if (reached === undefined || isAfter(word, reached)) this.#reached.set(stream, word)
    else if (!question.isDisordered) {
      question.isDisordered = true
      this.#counts.disordered++
      this.#find(`disordered: ${question.name} of run ${question.run} after ${reached.question.name}`)
    }
  }

  /** The same id again: phones show it once, so it does no harm as long as it says the same. */
  #again(person: Person, message: RecordedMessage): void {
    if (!this.#maySeeAnything(person, groupOf(message.chat))) return this.#unauthorised(person, 'a message')
    if (this.#texts.get(`${person.letter} ${message.id}`) === message.text) {
      this.#counts.resent++
      this.#note(`${person.name} got ${message.id} again, which the phone does not show`)
      return
    }
    this.#counts.duplicated++
    this.#find(`duplicated: ${message.id} came again with other words`)
  }

  #unreadable(person: Person, { messageId, reason, stanza }: RecordedFailure): void {
    if (!this.#maySeeAnything(person, groupOf(stanza.attrs.from ?? '')))
      return this.#unauthorised(person, 'a message that it could not read')
    this.#counts.unreadable++
    this.#find(`unreadable: ${messageId} at ${person.name} (${reason})`)
  }

  #typing(person: Person, { from, chat }: RecordedTyping): void {
    const isOk = from !== OWNER.phoneNumber || this.#maySeeAnything(person, groupOf(chat))
    if (!isOk) this.#unauthorised(person, 'typing')
  }

  /** A person who may talk to the assistant learns that it has read, where it answers; nobody else does. */
  #receipt(person: Person, { type, from, stanza }: RecordedReceipt): void {
    if (from !== OWNER.phoneNumber || PROTOCOL_RECEIPTS.has(type)) return
    const isOk = person.isAllowed && this.#maySeeAnything(person, groupOf(stanza.attrs.from ?? ''))
    if (!isOk) this.#unauthorised(person, `a ${type} receipt`)
  }

  /** Whether the assistant may show itself to a person at all, alone (`null`) or in a group. */
  #maySeeAnything(person: Person, chat: string | null): boolean {
    if (chat === null) return person.isAllowed
    return person === OWNER || this.#groups.get(chat)?.has(person) === true
  }

  #unauthorised(person: Person, what: string): void {
    this.#counts.unauthorised++
    this.#find(`unauthorised: ${person.name} got ${what}`)
  }

  #find(what: string): void {
    this.#findings.push(`run ${this.#run}: ${what}`)
  }
}

/** Everybody's phone, watched. Throws when one is missing. */
export function watchEverybody(ledger: Ledger, phoneOf: (phoneNumber: string) => SimulatedPhone): void {
  for (const person of EVERYBODY) ledger.watch(person, phoneOf(person.phoneNumber))
}
