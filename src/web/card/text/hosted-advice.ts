import type { CardText } from './card-texts.ts'

const ASK_SANDBOX: CardText =
  'Only the people who run your sandbox can solve this: tell them what is written here.'
const SIGN_ON_THE_WEB: CardText =
  'Sign with the passkey in a browser, on WhatsApp Web. Keep WhatsApp open on the phone.'
const TAKE_OVER: CardText =
  'Take over here, or leave the link to the other copy. Only the people who run your sandbox can end that one.'
const CONNECT: CardText = 'Connect the number here.'
const ASK_PAGE: CardText = 'Only the people who run this page can solve this: tell them what is written here.'

/**
 * What the card says in the place of the daemon's advice, by code, where its user has no shell in the sandbox: advice about commands,
 * settings, files or the machine can be followed by the operator alone.
 */
export const HOSTED_ADVICE: Readonly<Partial<Record<string, CardText>>> = {
  // Reasons of an account.
  disabled_by_config: 'Switch “Answer messages” on to resume.',
  connection_replaced: TAKE_OVER,
  copy_detected: TAKE_OVER,
  passkey_interrupted: 'Link again. A signature works for one attempt only.',
  direct_messages_disabled: ASK_SANDBOX,
  too_many_accounts: 'Remove an account that you do not need.',
  network_error: 'The daemon keeps trying by itself.',
  upgrade_refused: ASK_SANDBOX,
  proxy_failed: ASK_SANDBOX,
  protocol_error: ASK_SANDBOX,
  credentials_readable: ASK_SANDBOX,
  import_source_changed: ASK_SANDBOX,
  import_required: ASK_SANDBOX,
  client_outdated: ASK_SANDBOX,
  passkey_required: SIGN_ON_THE_WEB,
  passkey_failed: 'Wait some minutes, then link again.',
  passkey_unsupported: ASK_SANDBOX,
  client_rejected: ASK_SANDBOX,
  certificate_invalid: ASK_SANDBOX,
  clock_wrong: ASK_SANDBOX,
  owner_busy: ASK_SANDBOX,
  lock_unreachable: ASK_SANDBOX,
  config_invalid: ASK_SANDBOX,
  business_not_connected: CONNECT,
  business_incomplete: ASK_SANDBOX,
  business_disconnected: CONNECT,
  number_not_registered: CONNECT,
  register_failed: CONNECT,
  webhooks_refused: ASK_SANDBOX,
  storage_unreadable: 'Disconnect to link anew, or ask the people who run your sandbox for a backup.',
  storage_missing: ASK_SANDBOX,
  storage_newer: ASK_SANDBOX,
  storage_permissions: ASK_SANDBOX,
  storage_unsupported: ASK_SANDBOX,
  lock_server_required: ASK_SANDBOX,
  storage_read_only: ASK_SANDBOX,
  storage_full: ASK_SANDBOX,
  storage_failed: ASK_SANDBOX,
  shutting_down: 'WhatsApp works only while your sandbox is running.',
  // Refused actions.
  allowlist_empty: 'Add a number to the allowed numbers first.',
  max_sessions_reached: 'Remove an account that you do not need.',
  config_read_only: ASK_SANDBOX,
  config_broken: ASK_SANDBOX,
  config_key_refused: ASK_SANDBOX,
  first_contacts_exhausted: ASK_SANDBOX,
  agent_not_found: ASK_SANDBOX,
  turn_not_found: ASK_SANDBOX,
  template_not_found: 'Choose a template that Meta has approved.',
  forbidden: ASK_PAGE,
  misconfigured: ASK_SANDBOX,
  storage_error: ASK_SANDBOX,
  // The assistant does not answer.
  'assistant.unreachable': ASK_SANDBOX,
  'assistant.unauthorized': ASK_SANDBOX,
  'assistant.not_found': ASK_SANDBOX,
  'assistant.rate_limited': ASK_SANDBOX,
  'assistant.bad_request': ASK_SANDBOX,
  'assistant.context_overflow': ASK_SANDBOX,
  'assistant.turn_too_large': ASK_SANDBOX,
  'assistant.server_error': ASK_SANDBOX,
  'assistant.bad_answer': ASK_SANDBOX,
  'assistant.no_answer': ASK_SANDBOX,
  'assistant.refused': ASK_SANDBOX,
  'assistant.interrupted': ASK_SANDBOX,
  'assistant.timeout': ASK_SANDBOX,
  'assistant.misconfigured': ASK_SANDBOX,
  'assistant.failed': ASK_SANDBOX,
  // No connection.
  daemon_offline: 'WhatsApp works only while your sandbox is running.',
  tunnel_unreachable: 'Check your network. WhatsApp works only while your sandbox is running.',
  incompatible: ASK_PAGE,
  websocket_refused: ASK_PAGE,
  wrong_path: ASK_PAGE,
  blocked_by_page: ASK_PAGE,
  invalid_url: ASK_PAGE,
  websocket_missing: ASK_PAGE,
  certificate_untrusted: ASK_PAGE,
}
