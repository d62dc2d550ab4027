/** What servers say, with their status; `null`: inside of a 200. */
export const OVERFLOWS: [server: string, status: number | null, body: unknown][] = [
  [
    'OpenAI',
    400,
    {
      error: {
        message:
          "This model's maximum context length is 8192 tokens. However, your messages resulted in 9012 tokens. Please reduce the length of the messages.",
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      },
    },
  ],
  [
    'OpenAI, newer',
    400,
    {
      error: {
        message:
          'Your input exceeds the context window of this model. Please adjust your input and try again.',
        type: 'invalid_request_error',
        code: 'context_length_exceeded',
      },
    },
  ],
  [
    'OpenAI, more than a minute allows',
    429,
    {
      error: {
        message:
          'Request too large for gpt-4o in organization org on tokens per min (TPM): Limit 30000, Requested 36120. The input or output tokens must be reduced in order to run successfully.',
        type: 'tokens',
        code: 'rate_limit_exceeded',
      },
    },
  ],
  [
    'vLLM',
    400,
    {
      object: 'error',
      message:
        "This model's maximum context length is 4096 tokens. However, you requested 9120 tokens in the messages, Please reduce the length of the messages.",
      type: 'BadRequestError',
      param: null,
      code: 400,
    },
  ],
  [
    'vLLM, newer',
    400,
    {
      error: {
        message:
          'The decoder prompt (length 36014) is longer than the maximum model length of 4096. Make sure that `max_model_len` is no smaller than the number of text tokens.',
        type: 'BadRequestError',
        code: 400,
      },
    },
  ],
  [
    'SGLang',
    400,
    {
      object: 'error',
      message: "The input (9012 tokens) is longer than the model's context length (4096 tokens).",
      type: 'BadRequest',
      code: 400,
    },
  ],
  [
    'llama.cpp',
    400,
    {
      error: {
        code: 400,
        message: 'the request exceeds the available context size, try increasing it',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 9012,
        n_ctx: 4096,
      },
    },
  ],
  ['llama.cpp, older', 500, { error: { code: 500, message: 'context size exceeded', type: 'server_error' } }],
  [
    'LM Studio',
    400,
    {
      error:
        'Trying to keep the first 9012 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input',
    },
  ],
  [
    'LM Studio in a stream',
    null,
    {
      error: {
        message:
          'The number of tokens to keep from the initial prompt is greater than the context length. Try to load the model with a larger context length, or provide a shorter input',
      },
    },
  ],
  [
    'Ollama',
    400,
    {
      error: {
        message: 'prompt too long; exceeded max context length by 120 tokens',
        type: 'invalid_request_error',
      },
    },
  ],
  [
    'TGI',
    422,
    {
      error: 'Input validation error: `inputs` must have less than 4096 tokens. Given: 9012',
      error_type: 'validation',
    },
  ],
  [
    'TGI, with the answer',
    422,
    {
      error:
        'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 9012 `inputs` tokens and 512 `max_new_tokens`',
      error_type: 'validation',
    },
  ],
  [
    'Anthropic',
    400,
    {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'prompt is too long: 209012 tokens > 200000 maximum' },
    },
  ],
  [
    'Anthropic, by bytes',
    413,
    { type: 'error', error: { type: 'request_too_large', message: 'Request exceeds the maximum size' } },
  ],
  [
    'Gemini',
    400,
    [
      {
        error: {
          code: 400,
          message: 'The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).',
          status: 'INVALID_ARGUMENT',
        },
      },
    ],
  ],
  [
    'Mistral',
    400,
    {
      object: 'error',
      message:
        'Prompt contains 40961 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
      type: 'invalid_request_prompt',
      code: '3051',
    },
  ],
  [
    'Groq',
    413,
    {
      error: {
        message:
          'Request too large for model `llama` on tokens per minute (TPM): Limit 6000, Requested 9012, please reduce your message size and try again.',
        type: 'tokens',
        code: 'rate_limit_exceeded',
      },
    },
  ],
  [
    'Groq, the model',
    400,
    {
      error: {
        message: 'Please reduce the length of the messages or completion.',
        type: 'invalid_request_error',
        code: 'context_length_exceeded',
      },
    },
  ],
  [
    'xAI',
    400,
    {
      code: 'Client specified an invalid argument',
      error: "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
    },
  ],
  [
    'Cohere',
    400,
    { message: 'too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 9012.' },
  ],
  ['Bedrock', 400, { message: 'Input is too long for requested model.' }],
  [
    'GitHub Models',
    413,
    {
      error: {
        code: 'tokens_limit_reached',
        message: 'Request body too large for gpt-4o model. Max size: 8000 tokens.',
      },
    },
  ],
  [
    'OpenRouter',
    400,
    {
      error: {
        message:
          "This endpoint's maximum context length is 8192 tokens. However, you requested about 9012 tokens (9012 of text input).",
        code: 400,
      },
    },
  ],
  [
    'OpenRouter, in a 200',
    null,
    {
      error: {
        code: 400,
        message: 'Provider returned error',
        metadata: { raw: '{"error":{"message":"prompt is too long: 209012 tokens > 200000 maximum"}}' },
      },
    },
  ],
  [
    'LiteLLM',
    400,
    {
      error: {
        message: 'litellm.BadRequestError: litellm.ContextWindowExceededError: OpenAIException',
        type: null,
        code: '400',
      },
    },
  ],
  [
    'Perplexity',
    400,
    {
      error: {
        message: 'Total number of tokens exceeds the maximum allowed',
        type: 'bad_request',
        code: 400,
      },
    },
  ],
  [
    'FastAPI',
    422,
    {
      detail: [
        {
          loc: ['body', 'messages'],
          msg: 'Input is too long: the context window is 4096',
          type: 'value_error',
        },
      ],
    },
  ],
  ['nginx', 413, '<html>413 Request Entity Too Large</html>'],
]
/** Errors that a shorter conversation does not cure. */
export const OTHERS: [what: string, status: number | null, body: unknown, code: string][] = [
  [
    'another bad request',
    400,
    { error: { message: "Unrecognized request argument supplied: 'stream'", type: 'invalid_request_error' } },
    'bad_request',
  ],
  [
    'roles that do not alternate',
    400,
    { error: { message: 'Conversation roles must alternate user/assistant', type: 'BadRequestError' } },
    'bad_request',
  ],
  [
    'a context that is not there',
    400,
    { error: { message: 'context is required', code: 400 } },
    'bad_request',
  ],
  [
    'too large a limit for the answer',
    400,
    { error: { message: 'max_tokens is too large: 99999', code: 'invalid_value' } },
    'bad_request',
  ],
  [
    'a key that expired',
    401,
    { error: { message: 'The token is too long ago', code: 'token_expired' } },
    'unauthorized',
  ],
  [
    'a limit of a minute',
    429,
    {
      error: {
        message:
          'Rate limit reached on tokens per min (TPM): Limit 30000, Used 29990, Requested 120. Please try again in 220ms.',
        type: 'tokens',
        code: 'rate_limit_exceeded',
      },
    },
    'rate_limited',
  ],
  [
    'a limit of a minute, in a 200',
    null,
    { error: { message: 'Too many tokens per minute', code: 'rate_limit_exceeded' } },
    'rate_limited',
  ],
  [
    'no credit',
    429,
    { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } },
    'rate_limited',
  ],
  [
    'a model that is not there',
    404,
    { error: { message: "The model 'gpt-4-32k' does not exist", code: 'model_not_found' } },
    'not_found',
  ],
  [
    'a filter',
    400,
    { error: { code: 'content_filter', message: 'The response was filtered', innererror: {} } },
    'refused',
  ],
]
