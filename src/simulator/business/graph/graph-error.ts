/** What Meta calls an error, and with which HTTP status it comes. Source: Meta's page of error codes; the statuses as captured traffic has them. */
const KNOWN: Readonly<Record<number, readonly [title: string, status: number]>> = {
  0: ['AuthException', 401],
  1: ['API Unknown', 400],
  2: ['API Service', 503],
  3: ['API Method', 500],
  4: ['Application request limit reached', 429],
  10: ['Permission Denied', 403],
  33: ['Parameter value is not valid', 400],
  100: ['Invalid parameter', 400],
  190: ['Access token has expired', 401],
  200: ['Permission error', 403],
  368: ['Temporarily blocked for policies violations', 403],
  80007: ['Rate limit issues', 429],
  130403: ['Business has blocked the recipient', 400],
  130429: ['Rate limit hit', 429],
  130472: ["User's number is part of an experiment", 400],
  130497: ['Business account is restricted from messaging users in this country.', 403],
  131000: ['Something went wrong', 500],
  131005: ['Access denied', 403],
  131008: ['Required parameter is missing', 400],
  131009: ['Parameter value is not valid', 400],
  131016: ['Service unavailable', 503],
  131021: ['Recipient cannot be sender', 400],
  131026: ['Message undeliverable', 400],
  131030: ['Recipient phone number not in allowed list', 400],
  131031: ['Account has been locked', 403],
  131042: ['Business eligibility payment issue', 400],
  131045: ['Incorrect certificate', 500],
  131047: ['Re-engagement message', 400],
  131048: ['Spam rate limit hit', 429],
  131049: ['This message was not delivered to maintain healthy ecosystem engagement.', 400],
  131050: ['User has stopped marketing messages', 400],
  131051: ['Unsupported message type', 400],
  131052: ['Media download error', 400],
  131053: ['Media upload error', 400],
  131056: ['(Business Account, Consumer Account) pair rate limit hit', 400],
  131057: ['Account in maintenance mode', 500],
  131060: ['This message is currently unavailable.', 400],
  131062: ['Business-scoped user id is not supported for this message', 400],
  131064: ['Rate limit hit because of quality', 429],
  132000: ['Number of parameters does not match the expected number of params', 400],
  132001: ['Template name does not exist in the translation', 404],
  132005: ['Translated text too long', 400],
  132012: ['Parameter format does not match format in the created template', 400],
  132015: ['Template is paused', 400],
  132016: ['Template is disabled', 400],
  133000: ['Incomplete deregistration', 500],
  133004: ['Server temporarily unavailable', 503],
  133005: ['Two-step verification PIN mismatch', 400],
  133006: ['Phone number re-verification needed', 400],
  133008: ['Too many two-step verification PIN guesses', 400],
  133009: ['Two-step verification PIN guessed too fast', 400],
  133010: ['Phone number not registered', 400],
  133015: ['Please wait a few minutes before attempting to register this phone number', 400],
  133016: ['Account register deregister rate limit exceeded', 400],
  135000: ['Generic user error', 400],
}

export interface GraphErrorOptions {
  subcode?: number | undefined
  /** In Meta's words. */
  details?: string | undefined
  /** Instead of that of the code. */
  status?: number | undefined
  /** Instead of the title of the code. */
  message?: string | undefined
  /** For the header `Retry-After`: seconds, or an HTTP date. */
  retryAfter?: number | string | undefined
  /** Minutes, for `X-Business-Use-Case-Usage`. */
  regainMinutes?: number | undefined
}

/** A refusal of the Graph API. */
export class GraphError extends Error {
  readonly code: number
  readonly title: string
  readonly status: number
  readonly options: GraphErrorOptions

  constructor(code: number, options: GraphErrorOptions = {}) {
    const [title, status] = KNOWN[code] ?? ['Unknown error', 400]
    super(options.message ?? `(#${code}) ${title}`)
    this.code = code
    this.title = title
    this.status = options.status ?? status
    this.options = options
  }

  /** The body of an answer. `traceId`: for Meta's support. */
  body(traceId: string): object {
    const { subcode, details } = this.options
    return {
      error: {
        message: this.message,
        type: subcode === 33 ? 'GraphMethodException' : 'OAuthException',
        code: this.code,
        ...(subcode === undefined ? {} : { error_subcode: subcode }),
        ...(details === undefined ? {} : { error_data: { messaging_product: 'whatsapp', details } }),
        fbtrace_id: traceId,
      },
    }
  }

  /** As it stands in webhooks. */
  get inWebhook(): object {
    return {
      code: this.code,
      title: this.title,
      message: this.title,
      error_data: { details: this.options.details ?? this.title },
      href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
    }
  }
}

/** Nothing has this id, or the token does not reach it: Meta does not tell which, and does not answer 404. */
export function unknownObject(method: string, id: string): GraphError {
  return new GraphError(100, {
    subcode: 33,
    message:
      `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to ` +
      'missing permissions, or does not support this operation. Please read the Graph API documentation at ' +
      'https://developers.facebook.com/docs/graph-api',
  })
}
