/** How a model ended: `complete`, `cut` by a limit of tokens, `filtered`, `tool` (it asks for a tool), or `broken` off by its server. */
export type Finish = 'complete' | 'cut' | 'filtered' | 'tool' | 'broken'

/** In lower case. OpenAI's words, then those of Anthropic, Gemini, Mistral, DeepSeek, Ollama and OpenRouter behind this same interface. */
const FINISHES: Readonly<Record<string, Finish>> = {
  length: 'cut',
  max_tokens: 'cut',
  max_output_tokens: 'cut',
  model_length: 'cut',
  model_context_window_exceeded: 'cut',
  incomplete: 'cut',
  content_filter: 'filtered',
  content_filtered: 'filtered',
  safety: 'filtered',
  recitation: 'filtered',
  blocklist: 'filtered',
  prohibited_content: 'filtered',
  spii: 'filtered',
  guardrail_intervened: 'filtered',
  refusal: 'filtered',
  sensitive: 'filtered',
  tool_calls: 'tool',
  tool_call: 'tool',
  tool_use: 'tool',
  function_call: 'tool',
  malformed_function_call: 'tool',
  error: 'broken',
  network_error: 'broken',
  insufficient_system_resource: 'broken',
  abort: 'broken',
  aborted: 'broken',
  cancelled: 'broken',
  timeout: 'broken',
}

/** What a `finish_reason` means; `null` for one that says nothing, such as an empty one. */
export function toFinish(reason: unknown): Finish | null {
  if (typeof reason !== 'string' || reason.trim() === '') return null
  return FINISHES[reason.trim().toLowerCase()] ?? 'complete'
}
