import { randomInt } from 'node:crypto'
import type { Logger } from 'pino'
import type { OwnerQuestion } from '../../agents/owner-question.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { Sentences } from '../notices/sentences.ts'
import type { ReplyWriter } from '../replies/reply-writer.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import { findOwnerChat, type OwnerChatDependencies } from './owner-chat.ts'

/** How long an owner has for an answer. */
const PATIENCE_MS = 5 * 60_000
/** Questions that wait at once; what is asked beyond is rejected. */
const MAX_WAITING = 20
/** Without characters that are taken for one another. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const CODE_LENGTH = 6

export interface OwnerQuestionsDependencies extends OwnerChatDependencies {
  replies: Pick<ReplyWriter, 'sayAt'>
  commits: Pick<CommitGroup, 'now'>
  config: () => AccountConfig
  sentences: () => Sentences
  logger: Logger
}

interface Waiting {
  /** Where it was asked, and may be answered. */
  conversation: number
  settle: (isAllowed: boolean) => void
}

/**
 * What agents ask owners to allow, each once, by a random code for this one question, in an owner's chat with the assistant alone. The
 * questions end with the process, as the agents do that ask them.
 */
export class OwnerQuestions {
  readonly #deps: OwnerQuestionsDependencies
  readonly #waiting = new Map<string, Waiting>()

  constructor(deps: OwnerQuestionsDependencies) {
    this.#deps = deps
  }

  /**
   * Resolves with the owner's answer; with `false` after five minutes, when the turn is over, and where no owner can be asked. Never
   * rejects.
   */
  async ask(question: OwnerQuestion): Promise<boolean> {
    const { logger, config } = this.#deps
    const { signal, turn, agent } = question
    if (signal.aborted || this.#waiting.size >= MAX_WAITING) return false
    const about = { agent, turn: turn.id }
    try {
      const code = this.#newCode()
      // Without commands nobody can answer.
      const conversation = config().commands.enabled ? this.#say(question, code) : null
      if (conversation === null) {
        logger.warn(about, 'an agent asks for a permission, and no owner can be asked: it is rejected')
        return false
      }
      const isAllowed = await this.#answer(code, conversation, signal)
      logger.info({ ...about, isAllowed }, 'an agent asked an owner for a permission')
      return isAllowed
    } catch (error) {
      logger.error({ err: error, ...about }, 'an owner could not be asked for a permission: it is rejected')
      return false
    }
  }

  /** Answers the question with this code, once it is committed; `null` where none waits that was asked in this conversation. */
  answer(conversation: number, code: string, isAllowed: boolean): Committed | null {
    const waiting = this.#waiting.get(code)
    if (waiting?.conversation !== conversation) return null
    // A commit that fails leaves the question open for the next try.
    return () => {
      this.#waiting.delete(code)
      waiting.settle(isAllowed)
    }
  }

  /** The conversation in which it was asked; `null` for none. */
  #say({ agent, action, turn }: OwnerQuestion, code: string): number | null {
    const { commits, replies, sentences } = this.#deps
    const own = turn.sender.isOwner && !turn.isGroup ? Number(turn.conversationId) : null
    const place = findOwnerChat(own, this.#deps)
    if (place === null) return null
    const { sender, conversation, isGroup } = turn
    const person = sender.phoneNumber ?? sender.id ?? conversation
    const { permissionAsked, permissionAskedFor, permissionAskedInGroup } = sentences()
    const text =
      place.conversation.id === own
        ? permissionAsked(agent, action, code)
        : (isGroup ? permissionAskedInGroup : permissionAskedFor)(agent, person, action, code)
    commits.now(() => replies.sayAt({ ...place, turn: null }, '', text))
    return place.conversation.id
  }

  async #answer(code: string, conversation: number, signal: AbortSignal): Promise<boolean> {
    let settle = (_isAllowed: boolean): void => {}
    const answered = new Promise<boolean>((resolve) => {
      settle = resolve
    })
    const reject = (): void => settle(false)
    this.#waiting.set(code, { conversation, settle })
    const timer = setTimeout(reject, PATIENCE_MS)
    signal.addEventListener('abort', reject, { once: true })
    try {
      return await answered
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', reject)
      this.#waiting.delete(code)
    }
  }

  #newCode(): string {
    const letters = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)] ?? '')
    const code = letters.join('')
    return this.#waiting.has(code) ? this.#newCode() : code
  }
}
