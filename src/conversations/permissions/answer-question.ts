import type { ChatCommand } from '../commands/chat-command.ts'

/** Executes `/yes` and `/no`: the owner's answer to the question with the code behind it. */
export function answerQuestion(isAllowed: boolean): ChatCommand['execute'] {
  return ({ argument, conversation }, { questions, sentences }) => {
    const { permissionAllowed, permissionRejected, permissionUnknown, permissionNeedsCode } = sentences()
    if (argument === null) return permissionNeedsCode
    const code = argument.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
    const committed = questions.answer(conversation.id, code, isAllowed)
    if (committed === null) return permissionUnknown
    return { text: isAllowed ? permissionAllowed : permissionRejected, committed }
  }
}
