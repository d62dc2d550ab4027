import { isObserved } from '../../access/is-observed.ts'
import { isOwner } from '../../access/is-owner.ts'
import type { ChatReference } from '../../messaging/chat-reference.ts'
import type { SenderIdentity } from '../../messaging/identity.ts'
import type { Transport } from '../../messaging/transport.ts'
import type { Admission } from '../intake/admission.ts'
import type { ReplyPlace, ReplyWriter } from '../replies/reply-writer.ts'
import { type Committed, inOrder } from '../store/commit-group.ts'
import { type Conversation, conversationOf } from '../store/conversation-store.ts'
import type { InboxRow } from '../store/inbox-store.ts'
import { personOf } from '../store/person.ts'
import type { TurnRow } from '../turns/turn-store.ts'
import type { ChatCommand, CommandDependencies, CommandRequest } from './chat-command.ts'
import type { CommandLine } from './command-grammar.ts'
import { commandNamed } from './registry.ts'

export interface ChatCommandsDependencies extends CommandDependencies {
  replies: ReplyWriter
  admission: Pick<Admission, 'identify'>
  transport: Pick<Transport, 'ownNumber'>
}

/** A command as it arrives. */
export interface ArrivedCommand {
  conversation: Conversation
  chat: ChatReference
  sender: SenderIdentity
  /** Its row in the inbox. */
  sequence: number
  text: string
  /** When it was written; milliseconds since 1970. */
  at: number
}

type Asked = Omit<CommandRequest, 'argument' | 'person' | 'isOwner'> & { sender: SenderIdentity }

/** Executes what people ask of the daemon itself, and answers each command with a sentence. */
export class ChatCommands {
  readonly #deps: ChatCommandsDependencies

  constructor(deps: ChatCommandsDependencies) {
    this.#deps = deps
  }

  /** Inside of the transaction that ends the turn. `rows` are commands alone. */
  execute(turn: TurnRow, rows: readonly InboxRow[]): Committed {
    const { routing, replies, sentences } = this.#deps
    const said = rows.flatMap((row) => {
      const order = routing.orderOf(row)
      if (order === null || order.kind === 'addressed') return []
      if (order.kind === 'nearMiss')
        return [replies.say(turn, [row], sentences().didYouMean(`/${order.meant}`))]
      const { text, committed } = this.#run(order, {
        conversation: conversationOf(row),
        sender: this.#deps.admission.identify(row.sender),
        at: row.sent_at,
        sequence: row.sequence,
      })
      return [inOrder([text === null ? undefined : replies.say(turn, [row], text), committed])]
    })
    return inOrder(said)
  }

  /** Whether this is a command that waits for no turn. */
  isAtOnce(written: Pick<InboxRow, 'text' | 'chat_kind'>): boolean {
    return this.#commandIn(written)?.atOnce ?? false
  }

  /** Whether this is a command that the account's owner may write by hand in a chat with others. */
  isOfChat(written: Pick<InboxRow, 'text' | 'chat_kind'>): boolean {
    if (isObserved(this.#deps.config(), { kind: written.chat_kind })) return false
    return this.#commandIn(written)?.ofChat ?? false
  }

  /** Whether this is a command for owners, written by one. */
  isOwners({ text, chat, sender }: Pick<ArrivedCommand, 'text' | 'chat' | 'sender'>): boolean {
    const { forOwners = false } = this.#commandIn({ text, chat_kind: chat.kind }) ?? {}
    return forOwners && this.#isOwner(sender, chat.kind === 'group' ? chat.address : null)
  }

  /** Inside of a transaction: executes a command without a turn. Its row waits for none. */
  executeNow(arrived: ArrivedCommand): Committed {
    const { conversation, chat, sequence, text } = arrived
    const order = this.#deps.routing.orderOf({ text, chat_kind: chat.kind })
    if (order?.kind !== 'command') throw new Error('there is no command in this text')
    const answer = this.#run(order, arrived)
    const place: ReplyPlace = { conversation, chat, turn: null, afterInbox: sequence }
    if (answer.text === null) return inOrder([answer.committed])
    return inOrder([answer.committed, this.#deps.replies.sayAt(place, text, answer.text)])
  }

  #commandIn(written: Pick<InboxRow, 'text' | 'chat_kind'>): ChatCommand | undefined {
    const order = this.#deps.routing.orderOf(written)
    return order?.kind === 'command' ? commandNamed(order.name) : undefined
  }

  #run(
    order: CommandLine,
    { sender, ...asked }: Asked,
  ): { text: string | null; committed: Committed | undefined } {
    const { sentences } = this.#deps
    const command = commandNamed(order.name)
    if (command === undefined) throw new Error(`the command ${order.name} is not in the registry`)
    const { kind, name } = asked.conversation
    const isAnOwner = this.#isOwner(sender, kind === 'group' ? name : null)
    if (command.forOwners === true && !isAnOwner)
      return { text: sentences().forOwners(`/${command.name}`), committed: undefined }
    const request = { ...asked, argument: order.argument, person: personOf(sender), isOwner: isAnOwner }
    const answer = command.execute(request, this.#deps)
    return typeof answer === 'string' ? { text: answer, committed: undefined } : answer
  }

  #isOwner(sender: SenderIdentity, group: string | null): boolean {
    const { config, transport } = this.#deps
    return isOwner(config(), sender, { group, ownNumber: transport.ownNumber })
  }
}
