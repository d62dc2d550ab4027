/**
 * Every state an account can be shown in: what it means and what the person can do about it. Source of the table in
 * `docs/protocol.md`.
 */
export const ACCOUNT_STATE_ROWS = {
  disabled: {
    meaning: '`enabled: false`: the link is kept, nothing is received.',
    next: 'Enable the account.',
  },
  unlinked: {
    meaning: 'No credentials. The reason tells "nobody is allowed yet" from "configured but not connected".',
    next: 'Allow somebody, then link.',
  },
  awaiting_scan: {
    meaning: 'A QR or a pairing code is on offer.',
    next: 'Scan it, switch to a code, or cancel.',
  },
  confirming: { meaning: 'The phone accepted; WhatsApp is confirming the link.', next: 'Wait some seconds.' },
  connecting: { meaning: 'Linked; the connection is not open yet.', next: 'Wait, or reconnect now.' },
  reconnecting: {
    meaning: 'Linked; the connection was lost. `nextAttemptAt`, `attempt` and `reason` tell more.',
    next: 'Wait, or reconnect now.',
  },
  connected: {
    meaning:
      "Open and proven alive; `health` tells more. With a reason it works and something is to be known: `phone_away`, the phone confirms nothing; `person_changed`, an allowed number is somebody else's now.",
    next: '–',
  },
  logged_out: {
    meaning: 'The phone removed this device. The old credentials are kept aside, never silently deleted.',
    next: 'Link again.',
  },
  conflict: {
    meaning:
      'Another process uses this link. `copy_detected`: this one looks like a copy and stepped back at once.',
    next: 'Stop the other one, then reconnect.',
  },
  passkey_required: {
    meaning:
      'WhatsApp asks for a passkey to link. While a ceremony is live `passkey` says how far it is; without one the reason says how the last one ended.',
    next: 'Sign in a browser and follow the steps ([how](passkey.md)), or link anew.',
  },
  banned: { meaning: 'WhatsApp banned or locked the account.', next: 'Open WhatsApp on the phone.' },
  restricted: { meaning: 'WhatsApp limits the account, often until `until`.', next: 'Wait.' },
  outdated: { meaning: 'WhatsApp refuses this client version.', next: 'Upgrade.' },
  untrusted_server: {
    meaning: "The server's certificate does not verify.",
    next: 'Check proxy and network; do not link until it is solved.',
  },
  owner_busy: {
    meaning: "Another process holds this account's lock, or the lock server cannot say who does.",
    next: 'Stop it, or wait.',
  },
  misconfigured: {
    meaning: "The account's settings cannot be used.",
    next: 'Correct the setting that is named.',
  },
  storage_error: {
    meaning: 'Credentials unreadable, disk full or permissions wrong. Never answered with a fresh identity.',
    next: 'Follow the action.',
  },
  stopped: { meaning: 'The daemon is shutting down.', next: 'Start it again.' },
} as const satisfies Record<string, { meaning: string; next: string }>

export type AccountState = keyof typeof ACCOUNT_STATE_ROWS

export const ACCOUNT_STATES = Object.keys(ACCOUNT_STATE_ROWS) as [AccountState, ...AccountState[]] // its keys
