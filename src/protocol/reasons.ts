import { BUSINESS_REASONS } from './business-reasons.ts'

/**
 * Why an account is not in its happy state: one closed table that the control plane, the card, the command line,
 * the metrics and `docs/errors.md` share. `message` is one sentence for a person; `action` says what they can do.
 */
export const REASONS = {
  disabled_by_config: {
    message: 'This account is paused: it stays set up, but what is sent meanwhile is never answered.',
    action: 'Switch "Answer messages" on, or set enabled to true in the config file.',
  },
  nobody_allowed: {
    message: 'Nobody is allowed to talk to the assistant yet.',
    action: 'Add at least one phone number to the allowed numbers, then link.',
  },
  direct_messages_disabled: {
    message: 'Direct messages are switched off, and the assistant is in no group: nobody may talk to it.',
    action: 'Set dmPolicy to "allowlist", or name a group in groups, then link.',
  },
  too_many_accounts: {
    message: 'There are more accounts than may be linked.',
    action: 'Remove an account, or raise maxAccounts in the config file.',
  },
  not_linked: {
    message: 'WhatsApp is configured but not connected.',
    action: 'Generate a QR code and scan it with the phone.',
  },
  link_expired: {
    message: 'All QR codes of this attempt expired without a scan.',
    action:
      'Refresh to get a new QR code. When the phone says that too many devices are linked (WhatsApp allows four), remove one there first.',
  },
  link_cancelled: { message: 'Linking was cancelled.', action: 'Generate a new QR code when you are ready.' },
  link_failed: {
    message: 'The phone did not complete the link.',
    action:
      'Generate a new QR code and scan it again. When the phone says that too many devices are linked (WhatsApp allows four), remove one there first.',
  },
  link_code_rejected: {
    message: 'WhatsApp refused the pairing code request.',
    action: 'Check the phone number, wait a minute, or link with a QR code instead.',
  },
  disconnected_by_user: {
    message: 'The account was disconnected and its credentials were erased.',
    action: 'Generate a QR code to link again.',
  },
  disconnected_locally: {
    message: 'The credentials were erased here, but WhatsApp could not be reached.',
    action: 'On the phone, open Settings > Linked Devices and remove this device. Then link again.',
  },
  scan_to_link: {
    message: 'A QR code is waiting to be scanned.',
    action: 'On the phone: Settings > Linked Devices > Link a Device, then scan the code.',
  },
  enter_code_to_link: {
    message: 'A pairing code is waiting to be entered.',
    action: 'On the phone: Settings > Linked Devices > Link a Device > Link with phone number instead.',
  },
  confirming_link: {
    message: 'The phone accepted; WhatsApp is confirming the link.',
    action: 'Wait a few seconds.',
  },
  starting: { message: 'Connecting to WhatsApp.', action: 'Wait a few seconds.' },
  network_error: {
    message: 'WhatsApp cannot be reached over the network.',
    action: 'Check the network or proxy; the daemon keeps trying by itself.',
  },
  proxy_failed: {
    message: 'The proxy does not let the daemon through to WhatsApp.',
    action:
      'Check whatsappd.proxy, or HTTPS_PROXY of the environment: address, user and password; the log says what the proxy answered. The daemon keeps trying.',
  },
  connection_lost: {
    message: 'The connection to WhatsApp was lost.',
    action: 'Nothing to do: the daemon reconnects by itself.',
  },
  connection_stale: {
    message: 'The connection stopped answering and was replaced.',
    action: 'Nothing to do: the daemon reconnects by itself.',
  },
  open_timeout: {
    message: 'WhatsApp accepted the connection but did not finish opening it.',
    action: 'Nothing to do: the daemon tries again by itself.',
  },
  upgrade_refused: {
    message: 'The WebSocket connection to WhatsApp was refused.',
    action: 'Check whether a proxy or firewall blocks web.whatsapp.com; the daemon keeps trying.',
  },
  server_error: {
    message: 'WhatsApp reported a problem on its side.',
    action: 'Nothing to do: the daemon tries again by itself.',
  },
  protocol_error: {
    message: 'The server welcomed this device as a linked one, which it is not.',
    action:
      'The daemon tries again by itself. When it lasts, remove whatsappd.whatsapp.webSocketUrl, or repair the server that it names.',
  },
  woke_up: {
    message: 'The sandbox was asleep; the connection is being made anew.',
    action: 'Nothing to do: the daemon reconnects by itself.',
  },
  device_removed: {
    message: 'The phone removed this device from its linked devices.',
    action: 'Link again with a new QR code.',
  },
  logged_out: {
    message: 'WhatsApp no longer accepts this link.',
    action: 'Link again with a new QR code.',
  },
  connection_replaced: {
    message: 'Another process is using the same WhatsApp link.',
    action: 'Stop the other copy, then take over here.',
  },
  copy_detected: {
    message:
      'Another process is using the same WhatsApp link, and this one looks like a copy of it: a cloned or restored sandbox, or an import from a program that still runs.',
    action: 'Leave the link to the other one, or stop that one and take over here.',
  },
  passkey_required: {
    message: 'WhatsApp asks for a passkey before it links this device.',
    action:
      'Sign with the passkey in a computer\'s browser on web.whatsapp.com; the card and "whatsappd link" show how, once a code was scanned. Keep WhatsApp open on the phone.',
  },
  passkey_sent: {
    message: 'WhatsApp has the signature of the passkey; the phone has to continue.',
    action: 'Keep WhatsApp open on the phone and follow what it shows.',
  },
  passkey_code: {
    message: 'The phone shows a code, which must be the same as the one here.',
    action: 'Compare both codes. Confirm only when they are the same.',
  },
  passkey_timed_out: {
    message: 'Nobody signed with the passkey in time; WhatsApp waits ten minutes at most.',
    action:
      'Open a browser that has the passkey, or a computer with Bluetooth near the phone. Then link again. When there is no passkey yet, the phone offers to create one.',
  },
  passkey_refused: {
    message: 'WhatsApp did not accept the signature of the passkey.',
    action:
      'Link again, and choose the passkey of the WhatsApp account that scans the code. Wait some minutes after several attempts: WhatsApp refuses quick repetitions.',
  },
  passkey_phone_silent: {
    message: 'WhatsApp took the passkey, but the phone did not continue within two minutes.',
    action:
      'On the phone, look under Settings > Linked Devices and remove a device when there are four. Wait some minutes, link again, and keep WhatsApp open on the phone meanwhile.',
  },
  passkey_not_confirmed: {
    message: 'The code on the phone was not confirmed here within two minutes.',
    action: 'Link again, and compare the code as soon as the phone shows it.',
  },
  passkey_code_differs: {
    message: 'The phone showed another code than the one here, so nothing was linked.',
    action:
      'Link again, and scan the code from this screen, not from a picture that somebody sent. When the codes differ again, do not link: another program may be in between.',
  },
  passkey_interrupted: {
    message: 'The connection to WhatsApp was lost while the passkey was asked for.',
    action: 'Check the network, then link again. A signature works for one attempt only.',
  },
  passkey_failed: {
    message: 'WhatsApp refused a step of linking with the passkey.',
    action: 'Wait some minutes, then link again. When it lasts, upgrade whatsappd.',
  },
  passkey_unsupported: {
    message: 'WhatsApp asks for the passkey in a way that this version does not know.',
    action: 'Upgrade whatsappd, then link again.',
  },
  identity_check: {
    message:
      'WhatsApp wants the owner of this account to prove their identity with a passkey or a captcha, and may remove linked devices otherwise.',
    action: 'Open WhatsApp on the phone and do what it asks. When this device was removed, link it again.',
  },
  phone_outdated: {
    message: 'The WhatsApp on the phone is too old to link devices.',
    action: 'Update WhatsApp on the phone, then link again.',
  },
  phone_away: {
    message:
      'The phone has not confirmed anything for ten days or more; WhatsApp removes linked devices when the phone is offline for fourteen.',
    action: 'Switch the phone on, connect it to the internet and open WhatsApp.',
  },
  person_changed: {
    message:
      'An allowed number belongs to another WhatsApp account than before: its owner made a new account, or somebody else has the number now. It gets no answers.',
    action:
      'Ask the person in another way than WhatsApp. If the number is still theirs, remove it from the allowed numbers and add it again; otherwise only remove it.',
  },
  credentials_readable: {
    message:
      "Other users of this machine could have read the account's stored credentials; they are private from now on.",
    action:
      'Where you do not trust every user of this machine, disconnect and link anew. Otherwise nothing; this is gone after the next start.',
  },
  import_source_changed: {
    message:
      'The directory that this link was imported from has changed since: the program that used it before runs beside this one.',
    action:
      'Stop that program, or take WhatsApp out of its settings; then move its files (creds.json and the key files beside it) away from the directory that is named, and leave account.db where it is.',
  },
  account_banned: {
    message: 'WhatsApp banned this account.',
    action: 'Open WhatsApp on the phone and ask for a review.',
  },
  account_locked: {
    message: 'WhatsApp locked this account or its main phone is gone.',
    action: 'Open WhatsApp on the phone and follow what it says.',
  },
  temporarily_banned: {
    message: 'WhatsApp blocked this account for a while.',
    action: 'Wait until the time shown; the daemon reconnects then.',
  },
  reachout_locked: {
    message: 'WhatsApp does not let this account write to new people for now.',
    action: 'Wait until the time shown, and let people write first.',
  },
  client_outdated: {
    message: 'WhatsApp refuses this client version.',
    action: 'Upgrade whatsappd, or set whatsappd.whatsapp.version to a current one.',
  },
  certificate_invalid: {
    message: 'The server that answered cannot prove that it is WhatsApp.',
    action: 'Check the proxy and the network; do not link until this is solved.',
  },
  clock_wrong: {
    message:
      "The server's certificate is not valid on the date that this machine's clock shows, so that it cannot prove that it is WhatsApp.",
    action:
      "Set this machine's clock; the daemon tries again every five minutes. When the clock is right, check the proxy and the network, and do not link until this is solved.",
  },
  owner_busy: {
    message: 'Another process holds this account.',
    action: 'Stop that process, or wait until it ends.',
  },
  lock_unreachable: {
    message: 'The lock server cannot say who holds this account, so nothing is sent or received.',
    action: 'Check whatsappd.lock.redis and that the server runs; the daemon resumes by itself.',
  },
  client_rejected: {
    message: 'WhatsApp does not accept how this client describes itself.',
    action: 'Remove overrides under whatsappd.whatsapp, or upgrade whatsappd.',
  },
  config_invalid: {
    message: 'The configuration of this account cannot be used.',
    action: 'Correct the setting that is named.',
  },
  import_required: {
    message:
      'The account directory holds the link of another program (creds.json of Baileys) but no account.db.',
    action:
      'Stop that program, then take its link over here: with the button, or with "whatsappd import". Or move its files away to link anew.',
  },
  storage_unreadable: {
    message: 'The stored credentials and messages cannot be read.',
    action:
      'Restore account.db from a backup ("whatsappd restore"), or disconnect to set it aside and link anew.',
  },
  storage_missing: {
    message: "The account's files were removed while whatsappd was running.",
    action: 'Put them back, or restart whatsappd to begin anew without them.',
  },
  storage_newer: {
    message: 'The stored data cannot be used by this version of whatsappd.',
    action: 'Upgrade whatsappd, or restore the copy of before the upgrade ("whatsappd restore").',
  },
  storage_permissions: {
    message: 'The account directory can be read by others, or not written by this process.',
    action: 'Make the directory 0700 and account.db 0600, owned by the user that runs whatsappd.',
  },
  storage_read_only: {
    message: 'The disk can only be read: nothing can be stored, so nothing is received.',
    action: 'Make the file system writable again; the daemon resumes by itself.',
  },
  storage_full: {
    message: 'The disk is full: nothing can be stored, so nothing is received.',
    action: 'Free some space; the daemon resumes by itself.',
  },
  storage_failed: {
    message: 'The disk refused a write.',
    action: 'Check the disk; the daemon resumes by itself when it can write.',
  },
  storage_unsupported: {
    message: 'The file system of the account directory lacks what a database needs.',
    action:
      'Keep the state directory (--state-dir, or authDir) on a local disk, or on a volume that has file locks and hard links.',
  },
  lock_server_required: {
    message:
      'Another host has used this account within the last minutes, and on this kind of volume the two cannot see whether the other one still runs.',
    action:
      'Name one Redis in whatsappd.lock.redis on all hosts. Or stop the other one: this one takes over a few minutes after its end.',
  },
  ...BUSINESS_REASONS,
  shutting_down: { message: 'The daemon is shutting down.', action: 'Start it again to resume.' },
} as const satisfies Record<string, { message: string; action: string }>

export type ReasonCode = keyof typeof REASONS

export const REASON_CODES = Object.keys(REASONS) as [ReasonCode, ...ReasonCode[]]

export interface Reason {
  code: ReasonCode
  message: string
  action: string
  /** What is in the brackets of the message. */
  detail?: string
}

/** The row of `code`, with `detail` (a path, a pid, a setting's name; never a secret) appended to the message. */
export function reason(code: ReasonCode, detail?: string): Reason {
  const { message, action } = REASONS[code]
  return detail === undefined
    ? { code, message, action }
    : { code, message: `${message} (${detail})`, action, detail }
}
