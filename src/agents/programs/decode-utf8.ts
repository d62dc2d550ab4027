import { AgentError } from '../agent-error.ts'

/**
 * What a decoder that is fatal makes of the bytes so far; without `bytes`, at the end of them. Throws `AgentError` (`bad_answer`) where
 * they are not UTF-8.
 */
export function decodeUtf8(decoder: TextDecoder, bytes?: Buffer): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
  } catch {
    throw new AgentError('bad_answer', 'the program wrote text that is not UTF-8', {
      action:
        'Let the program write UTF-8: many take LANG for it, such as environment: { LANG: "C.UTF-8" } of the agent.',
    })
  }
}
