/** Codes and types that servers give for it: OpenAI and Groq, llama.cpp, GitHub, LiteLLM, Mistral. */
const CODES =
  /context_length_exceeded|exceed_context_size|tokens_limit_reached|ContextWindowExceeded|context_window_exceeded|string_above_max_length|input_too_long|prompt_too_long|request_too_large/i

/** The sentences of those that give none: vLLM, SGLang, LM Studio, Ollama, TGI, Anthropic, Gemini, Mistral, xAI, Cohere, Bedrock. */
const SENTENCES: readonly RegExp[] = [
  /(?:context|prompt|input|sequence|model)['’]?s?[ _-](?:max(?:imum)?[ _-])?(?:length|size|window)\b.{0,200}?(?:exceed|overflow|longer|larger|greater|too|however|but|only|of \d)/is,
  /max(?:imum)?[ _-](?:context|prompt|input|model|sequence|allowed|total)\b.{0,40}?(?:length|size|tokens|window|limit)/is,
  /(?:exceed\w*|overflow\w*|longer than|larger than|greater than|beyond|above)\b.{0,80}?(?:context|token(?:s| count| limit)|maximum (?:number|prompt|input|model|length))/is,
  /(?:token|context)\w*\b.{0,60}?(?:exceed|overflow)/is,
  /(?:prompt|input|inputs|request|messages?|conversation|body|content|payload)\W{0,3}(?: \w+){0,4} too (?:long|large|many)/i,
  /too many (?:input |prompt |total )?tokens/i,
  /reduce (?:the|your|its) (?:length|size|prompt|message|input|context|conversation)/i,
  /tokens must be reduced/i,
  /must have (?:less|fewer) than \d+ tokens|must be (?:<=|less than|at most) \d+.{0,40}(?:token|Given)/is,
  /not enough (?:context|room) /i,
]
/** Limits of time, not of one request: waiting helps. */
const LIMIT_OF_TIME =
  /rate[ _-]?limit|per[ _]?(?:minute|day|hour|second)|\b[TR]P[MD]\b|quota|too many requests/i
const REQUEST_TOO_LARGE = /request too large|tokens must be reduced/i

/**
 * Whether the words of an error say that the conversation is longer than the model can read, which a shorter one cures, unlike
 * other bad requests. `status` is the HTTP status, or what stands for it inside; `null` where neither is known.
 */
export function isContextOverflow(words: string, status: number | null): boolean {
  if (status === 413 || CODES.test(words)) return true
  if (status === 401 || status === 403 || status === 404) return false
  if (status === 429 || LIMIT_OF_TIME.test(words)) return REQUEST_TOO_LARGE.test(words)
  return SENTENCES.some((sentence) => sentence.test(words))
}
