import { AgentError } from '../agent-error.ts'

/** What a chat completion calls a file, by its kind. */
type FileType = 'image_url' | 'input_audio' | 'file'

/** How servers say that their model does not take a kind of file, in lower case: OpenAI, OpenRouter, vLLM, Ollama, LiteLLM, DeepSeek. */
const KINDS: readonly (readonly [words: RegExp, type: FileType])[] = [
  [/\baudio|input_audio|\bsound\b/, 'input_audio'],
  [/image|vision|picture|multi-?modal|modalit/, 'image_url'],
  [/\bpdf\b|\bfiles?\b|file_data|\bdocuments?\b/, 'file'],
]
const REFUSAL =
  /not support|unsupported|does(?: not|n't) (?:accept|take|allow|have)|not (?:allowed|accepted|available|enabled|capable|(?:a )?(?:vision|multi-?modal))|no endpoints found|only (?:supports? )?text|text[ -]only|cannot (?:read|process|accept)|unknown (?:variant|part|content)|invalid (?:part|content)|expected `?text|must be (?:a )?string|missing .{0,40}capabilit/

/** A server refused a question because of a kind of file in it. */
export class RefusedFiles extends AgentError {
  readonly type: FileType

  constructor(error: AgentError, type: FileType) {
    const { code, message, action, retryable, retryAfterMs } = error
    super(code, message, { action, retryable, retryAfterMs })
    this.type = type
  }
}

/** The kind of file that the words of an error refuse; `null` where they are about something else. */
export function refusedKind(words: string): FileType | null {
  const said = words.toLowerCase()
  if (!REFUSAL.test(said)) return null
  return KINDS.find(([pattern]) => pattern.test(said))?.[1] ?? null
}
