interface ErrorRow {
  /** Frozen once published, like the code. */
  rpcCode: number
  /** Whether the same request may succeed later. */
  retryable: boolean
  /** One sentence for a person. */
  message: string
  /** What they can do. */
  action?: string
  /** What `data.details` holds, for the documents; without it there are none. */
  details?: string
}

/** Every error that a caller of the control plane can get, by `data.code` on the wire. Source of `docs/errors.md`. */
export const ERRORS = {
  parse_error: { rpcCode: -32700, retryable: false, message: 'The frame is not one JSON value.' },
  invalid_request: {
    rpcCode: -32600,
    retryable: false,
    message: 'The frame is not a JSON-RPC 2.0 request.',
    details: '`issues`: at most 20 of `{path, message}`',
  },
  method_not_found: {
    rpcCode: -32601,
    retryable: false,
    message: 'There is no such method.',
    details: '`method`',
  },
  invalid_params: {
    rpcCode: -32602,
    retryable: false,
    message: 'The parameters do not fit the method.',
    details: '`issues`: at most 20 of `{path, message}`',
  },
  internal_error: {
    rpcCode: -32603,
    retryable: true,
    message: 'Something failed inside the daemon.',
    details: '`id`: the log line with this `errorId` tells what happened',
  },
  unauthorized: {
    rpcCode: -32001,
    retryable: false,
    message: 'Authenticate first, with a valid token.',
    details: '`reason`: one of [these](protocol.md#authentication-and-origins); none when no token came',
  },
  forbidden: {
    rpcCode: -32002,
    retryable: false,
    message: 'The token does not carry the needed scope.',
    details: '`scope`: the one that is missing',
  },
  rate_limited: { rpcCode: -32003, retryable: true, message: 'Too many requests.' },
  account_not_found: {
    rpcCode: -32010,
    retryable: false,
    message: 'There is no such account.',
    details: '`account`, and the `accounts` that exist',
  },
  allowlist_empty: {
    rpcCode: -32011,
    retryable: false,
    message: 'Nobody is allowed to talk to the assistant yet, so linking is refused.',
    action: 'Add at least one phone number to allowFrom.',
  },
  already_linked: {
    rpcCode: -32012,
    retryable: false,
    message: 'The account is linked already.',
    action: 'Disconnect it first to link another phone.',
  },
  account_disabled: {
    rpcCode: -32013,
    retryable: false,
    message: 'The account is paused.',
    action: 'Enable it first.',
  },
  not_connected: {
    rpcCode: -32014,
    retryable: true,
    message: 'WhatsApp is not connected.',
    action: 'Link or reconnect the account.',
  },
  link_failed: { rpcCode: -32015, retryable: true, message: 'No QR or pairing code could be obtained.' },
  invalid_phone_number: {
    rpcCode: -32016,
    retryable: false,
    message: 'This is not a possible phone number.',
    details:
      '`value` and `reason`: `too_short`, `too_long`, `invalid_length`, `invalid_country` or `not_a_number`',
  },
  max_sessions_reached: {
    rpcCode: -32017,
    retryable: false,
    message: 'The limit of accounts is reached.',
    action: 'Remove an account, or raise maxAccounts in the config file.',
    details:
      '`maxAccounts`; `count` and `accounts`: of `accounts.create` those that exist, of `accounts.link` those that are linked',
  },
  owner_busy: {
    rpcCode: -32018,
    retryable: true,
    message: 'Another process holds this account.',
    details: '`pid` and `hostname` of the other process, where they are known',
  },
  storage_error: {
    rpcCode: -32019,
    retryable: true,
    message: 'Stored data cannot be read or written.',
    details: '`reason`: one of the [reasons](#reasons), where it is known',
  },
  config_conflict: {
    rpcCode: -32020,
    retryable: true,
    message: 'The config file changed since the given revision.',
    action: 'Read the config again and repeat the edit.',
    details:
      '`revision` of the file as it is now, and its content: `allowFrom` (of a long list the first entries, with `allowFromTotal` and `allowFromComplete: false`), `values` (`tooLong: true` in place of one that does not fit) or `accounts`',
  },
  config_invalid: {
    rpcCode: -32021,
    retryable: false,
    message: 'The edit would make the config invalid.',
    details: '`path`; where the file would be wrong as a whole a [problem](protocol.md#config-problem)',
  },
  config_read_only: {
    rpcCode: -32022,
    retryable: false,
    message: 'The config may not be changed from here.',
    action: 'Edit the file itself, or allow it with configWrites and file permissions.',
  },
  config_broken: {
    rpcCode: -32023,
    retryable: false,
    message: 'The config file on disk is invalid; the last valid one is in force.',
    action: 'Correct the file, then repeat the edit.',
    details: 'the [problem](protocol.md#config-problem) of the file on disk',
  },
  misconfigured: { rpcCode: -32024, retryable: false, message: 'A setting cannot be used.' },
  message_not_found: {
    rpcCode: -32026,
    retryable: false,
    message: 'There is no such message of ours.',
    action: 'List the outbox again.',
  },
  message_not_failed: {
    rpcCode: -32027,
    retryable: false,
    message: 'Only a failed message can be sent again; the details give the state of this one.',
    details: '`state` of the message',
  },
  message_under_way: {
    rpcCode: -32028,
    retryable: true,
    message: 'The message was sent, or is being sent: it cannot be discarded any more.',
    details: '`state` of the message, when it was sent already',
  },
  recipient_not_allowed: {
    rpcCode: -32029,
    retryable: false,
    message: 'The recipient may not talk to the assistant, so nothing is sent to them.',
    action: 'Allow the recipient first.',
    details:
      '`reason`, for an assistant: `taken_over` or `chat_paused` (a person answers in this chat), or `assistant_off`',
  },
  message_outdated: {
    rpcCode: -32030,
    retryable: false,
    message:
      'The message was written when this account, or the number of the recipient, belonged to somebody else.',
    action: 'Discard it.',
  },
  webhook_not_found: {
    rpcCode: -32120,
    retryable: false,
    message: 'The config file names no such webhook.',
    action: 'List the webhooks again.',
  },
  stopping: { rpcCode: -32025, retryable: true, message: 'The daemon is stopping.' },
  still_linked: {
    rpcCode: -32040,
    retryable: false,
    message: 'The account is linked to a phone.',
    action: 'Disconnect it first; then it can be removed.',
  },
  last_account: {
    rpcCode: -32043,
    retryable: false,
    message: 'The only account cannot be removed: the daemon always has one.',
    action:
      'Disconnect it to unlink its phone, pause it, or create another account before this one is removed.',
    details: '`account`',
  },
  config_key_refused: {
    rpcCode: -32041,
    retryable: false,
    message: 'This setting may not be changed from a dashboard.',
    action: 'Edit the config file itself.',
    details: '`path`, a list of names; `why`, where the key as such is refused',
  },
  confirmation_required: {
    rpcCode: -32042,
    retryable: false,
    message: 'This does something that a person must confirm.',
    action: 'Ask the person, then repeat the request with what details.confirm names.',
    details:
      '`confirm`: what to repeat the request with; `accounts`: those that it concerns; `lists`: those that are too long for one answer, as `{account, list, total}`',
  },
  import_refused: {
    rpcCode: -32050,
    retryable: true,
    message: 'The link of the other program cannot be taken over now.',
    action: 'Follow what the message says, then try again.',
    details:
      '`reason`: `no_link`, `in_use`, `changed_recently` (within two minutes) or `damaged`; the message names the file or process',
  },
  passkey_not_expected: {
    rpcCode: -32060,
    retryable: false,
    message: 'This passkey ceremony does not wait for that now.',
    action: 'Ask for the live one with accounts.passkey.get, or link anew.',
    details: '`step` of the live ceremony; none when there is no ceremony of this id',
  },
  passkey_answer_invalid: {
    rpcCode: -32061,
    retryable: false,
    message: 'This is not the answer of a passkey to the question that WhatsApp asked.',
    action: 'Sign once more in the browser, and hand over the whole answer.',
    details: '`field` of the answer that is wrong, where there is one',
  },
  agent_not_found: {
    rpcCode: -32070,
    retryable: false,
    message: 'The config names no agent with this id to which a program may attach.',
    action: 'Give the agent the connector "websocket" in the config file, or attach to another one.',
    details: '`agent`, and the `agents` to which a program may attach',
  },
  not_attached: {
    rpcCode: -32071,
    retryable: false,
    message: 'This connection is attached to no agent.',
    action: 'Call agent.attach first.',
  },
  turn_not_found: {
    rpcCode: -32072,
    retryable: false,
    message: 'No turn of this id waits for an answer.',
    action: 'Use the id of a turn that was handed out to you; after a restart of the daemon it comes again.',
    details: '`turn`',
  },
  turn_not_yours: {
    rpcCode: -32073,
    retryable: false,
    message: 'This turn was handed out to somebody else.',
    action: 'Answer only turns that were handed out to you.',
    details: '`turn`',
  },
  turn_answered: {
    rpcCode: -32074,
    retryable: false,
    message: 'This turn has its answer already.',
    details: '`turn`',
  },
  turn_over: {
    rpcCode: -32075,
    retryable: false,
    message:
      'This turn is over: its time is up, it was taken back, or its answer was cut off for its length.',
    details: '`turn`',
  },
  conversation_not_found: {
    rpcCode: -32090,
    retryable: false,
    message: 'There is no such conversation.',
    action: 'Look at the list of conversations: it has the ids of those that are kept.',
  },
  pairing_not_found: {
    rpcCode: -32080,
    retryable: false,
    message: 'No request for access has this code now.',
    action:
      'Look at the list of requests: a code counts for an hour (a day where a program asked), and until it is decided.',
  },
  pairing_without_effect: {
    rpcCode: -32081,
    retryable: false,
    message:
      'The person is in allowFrom now, and may not write nevertheless: another setting keeps them out.',
    action: 'Look at the settings of the account that take people away, such as allowedJids.',
  },
  client_message_id_reused: {
    rpcCode: -32100,
    retryable: false,
    message: 'Another message was sent with this clientMessageId.',
    action: 'Make a new id for each message, and repeat a request with the same content.',
    details: '`messageId` of the one that has it',
  },
  not_on_whatsapp: {
    rpcCode: -32101,
    retryable: false,
    message: 'Nobody has this number on WhatsApp.',
    action: 'Compare the number, and its country code.',
    details: '`to`',
  },
  first_contacts_exhausted: {
    rpcCode: -32102,
    retryable: true,
    message: 'As many new people as the config allows in a day were written to.',
    action: 'Wait until details.until, or raise pace.firstContactsPerDay in the config file.',
    details: '`until`: when the next one is free; `perDay`: the limit',
  },
  message_not_changeable: {
    rpcCode: -32103,
    retryable: false,
    message: 'This message cannot be changed any more.',
    details:
      '`reason`: `too_old`, `not_text`, `not_yours`, `not_sent` or `not_supported` (by the transport of the account)',
  },
  media_not_found: {
    rpcCode: -32104,
    retryable: false,
    message: 'There is no file of this id, or it was deleted.',
    action: 'Upload it again.',
    details: '`mediaId`',
  },
  media_refused: {
    rpcCode: -32105,
    retryable: false,
    message: 'The file cannot be sent or kept.',
    details: '`reason`: `too_large`, `no_space`, `empty` or `unusable`',
  },
  window_closed: {
    rpcCode: -32106,
    retryable: false,
    message:
      'The person did not write within the last 24 hours, so that WhatsApp takes nothing but a template.',
    action: 'Send a template, or wait until the person writes.',
    details:
      '`closedAt`: since when, `null` where the person never wrote; `templates`: names of templates that are known. Over HTTP the code is `WA_WINDOW_CLOSED`',
  },
  not_supported: {
    rpcCode: -32107,
    retryable: false,
    message: 'The number of this account cannot send that.',
    action: 'Send it as a text.',
    details: '`capability`: the one that the account does not have',
  },
  template_not_found: {
    rpcCode: -32108,
    retryable: false,
    message: 'The account has no template of this name and language that may be sent.',
    action: 'Look at templates.list (whatsappd templates): a template must be approved by WhatsApp.',
    details: '`name`; `languages`: those in which the template is there',
  },
  template_invalid: {
    rpcCode: -32109,
    retryable: false,
    message: 'The template cannot be filled in with these values.',
    action: 'Give a value for each variable that templates.list names, each on one line.',
    details: '`missing` and `unknown`: names of variables; `field`: what is wrong otherwise',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERRORS

export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]

/** Codes that answers over HTTP have in the place of those of the table: what dashboards of other products know them as. */
export const HTTP_CODES = { window_closed: 'WA_WINDOW_CLOSED' } as const satisfies Partial<
  Record<ErrorCode, string>
>

export interface DaemonErrorOptions {
  /** Replaces the table's sentence with one that names the place. Never a secret. */
  message?: string
  action?: string
  /** Machine-readable facts for the caller: JSON values only, never a secret. */
  details?: Record<string, unknown>
  cause?: unknown
}

/** The one error type that crosses module boundaries; anything else becomes `internal_error` at the boundary. */
export class DaemonError extends Error {
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly action: string | undefined
  readonly details: Record<string, unknown> | undefined

  constructor(code: ErrorCode, options: DaemonErrorOptions = {}) {
    const row: ErrorRow = ERRORS[code]
    super(options.message ?? row.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'DaemonError'
    this.code = code
    this.retryable = row.retryable
    this.action = options.action ?? row.action
    this.details = options.details
  }
}
