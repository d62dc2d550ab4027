import type { Merge } from '../store/conversation-store.ts'

const SELF_WINDOW_MS = 60_000
const SELF_MAX_TURNS = 10
const SELF_PAUSE_MS = 300_000
/** This many messages in a row that repeat our own words: somebody sends back what we say. */
const MAX_ECHOES = 3
/** The same for an assistant that only repeats: people do send one word a few times, machines never stop. */
const MAX_MIRRORED = 10
const REMEMBERED_REPLIES = 5
/** Conversations remembered; the one that was quiet for the longest goes first. */
const MAX_CONVERSATIONS = 500

export type LoopVerdict = 'answer' | 'self_paused' | 'echo'

interface Memory {
  /** When the last turns in the self-chat were. */
  turns: number[]
  pausedUntil: number
  replies: string[]
  echoes: number
  /** The last reply that only repeated its question, and how often in a row that very text came again. */
  mirrored: string | null
  repeats: number
}

/** Ends conversations of the assistant with itself, or with a machine that repeats it. In memory only. */
export class LoopBreaker {
  readonly #memories = new Map<number, Memory>()

  /** Judges a text that would start a turn. */
  judge(conversation: number, chatKind: 'direct' | 'self' | 'group', text: string, now: number): LoopVerdict {
    const known = this.#memories.get(conversation)
    if (known === undefined && chatKind !== 'self') return 'answer'
    const memory = known ?? this.#remember(conversation)
    memory.echoes = memory.replies.includes(text.trim()) ? memory.echoes + 1 : 0
    memory.repeats = memory.mirrored === text.trim() ? memory.repeats + 1 : 0
    if (memory.echoes >= MAX_ECHOES || memory.repeats >= MAX_MIRRORED) return 'echo'
    if (chatKind !== 'self') return 'answer'
    if (now < memory.pausedUntil) return 'self_paused'
    memory.turns = [...memory.turns.filter((at) => at > now - SELF_WINDOW_MS), now]
    if (memory.turns.length <= SELF_MAX_TURNS) return 'answer'
    memory.turns = []
    memory.pausedUntil = now + SELF_PAUSE_MS
    return 'self_paused'
  }

  /**
   * Remembers what we said. A reply that only repeats the question (`echo`) proves less when it comes back: people send
   * the same word twice.
   */
  said(conversation: number, question: string, reply: string): void {
    const text = reply.trim()
    if (text === '') return
    const memory = this.#remember(conversation)
    if (text === question.trim()) {
      memory.mirrored = text
      return
    }
    memory.mirrored = null
    memory.replies = [...memory.replies.slice(1 - REMEMBERED_REPLIES), text]
  }

  /** Two conversations became one: what is remembered of the first is kept where nothing is of the other. */
  merged({ from, into }: Merge): void {
    const memory = this.#memories.get(from)
    this.#memories.delete(from)
    if (memory !== undefined && !this.#memories.has(into)) this.#memories.set(into, memory)
  }

  #remember(conversation: number): Memory {
    const memory = this.#memories.get(conversation) ?? {
      turns: [],
      pausedUntil: 0,
      replies: [],
      echoes: 0,
      mirrored: null,
      repeats: 0,
    }
    this.#memories.delete(conversation)
    this.#memories.set(conversation, memory)
    const [oldest] = this.#memories.keys()
    if (this.#memories.size > MAX_CONVERSATIONS && oldest !== undefined) this.#memories.delete(oldest)
    return memory
  }
}
