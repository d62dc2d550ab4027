import type { ReasonCode } from '../../../src/protocol/reasons.ts'

/** A file below `test/`, and the name of the test in it as it stands there. */
export interface Proof {
  file: string
  test: string
}

const before = (test: string): Proof => ({ file: 'integration/advice/before-a-link.test.ts', test })
const linked = (test: string): Proof => ({ file: 'integration/advice/of-a-link.test.ts', test })
const passkey = (test: string): Proof => ({ file: 'integration/advice/of-a-passkey.test.ts', test })
const codes = (test: string): Proof => ({ file: 'integration/link-close-codes.test.ts', test })
const stops = codes('stops at %i, keeps the link, and goes on when a person says so')
const business: Proof = {
  file: 'integration/advice/of-a-business-number.test.ts',
  test: '$code: what the advice says brings it back',
}
const configured: Proof = {
  file: 'integration/business/connect-business.test.ts',
  test: 'a number that the config describes is registered once somebody asks for it, and disconnected for as long as nobody does',
}
const steps = before(
  'not_linked, starting, scan_to_link and confirming_link: a QR that is scanned, and a few seconds',
)
const passkeySteps = passkey(
  'passkey_required, passkey_sent and passkey_code: signed, followed on the phone and compared, it is linked',
)
const passkeyAgain = passkey('%s: a new attempt links')
const again = linked('device_removed and logged_out: a new QR links')

/**
 * What no test produces with a real daemon: a file system without locks (recognised in `storage/storage-error.test.ts`), and options that
 * nobody can read (`passkey-machine.test.ts`).
 */
type Unproduced = 'storage_unsupported' | 'passkey_unsupported'

/**
 * For each reason the test that produces it with a real daemon, carries its advice out (or waits, where nothing has to be done) and sees
 * the account work afterwards.
 */
export const ADVICE_PROOFS: Readonly<Record<Exclude<ReasonCode, Unproduced>, Proof>> = {
  disabled_by_config: linked('disabled_by_config: an account that is enabled answers again'),
  nobody_allowed: before('nobody_allowed: with one number added, it can be linked'),
  direct_messages_disabled: before(
    'direct_messages_disabled: with the policy "allowlist", or a group that is named, it can be linked',
  ),
  too_many_accounts: before(
    'too_many_accounts: with a higher maxAccounts, or one account fewer, the last one has a place',
  ),
  not_linked: steps,
  business_not_connected: business,
  business_incomplete: business,
  access_token_expired: business,
  access_token_revoked: business,
  access_token_permission: business,
  token_expires_soon: business,
  business_access_removed: business,
  business_offboarded: business,
  number_not_found: business,
  number_elsewhere: business,
  number_in_phone_app: business,
  number_unverified: business,
  number_unusable: business,
  register_later: business,
  register_failed: business,
  business_refused: business,
  business_restricted: business,
  business_banned: business,
  webhooks_unsigned: business,
  webhooks_missing: business,
  webhooks_refused: business,
  webhooks_not_subscribed: business,
  quality_low: business,
  number_ambiguous: {
    file: 'integration/advice/of-a-business-number.test.ts',
    test: 'number_ambiguous: with the id of one number, it is connected',
  },
  number_linked_twice: {
    file: 'integration/advice/of-a-business-number.test.ts',
    test: 'number_linked_twice: with one of the two accounts disconnected, the other has nothing to say',
  },
  number_not_registered: configured,
  business_disconnected: configured,
  business_disconnected_locally: {
    file: 'integration/business/connect-business.test.ts',
    test: 'two accounts of one Business account keep the webhooks that both need',
  },
  wrong_pin: {
    file: 'integration/business/connect-business.test.ts',
    test: 'stops at the PIN of an earlier provider without guessing, and goes on with the right one',
  },
  starting: steps,
  scan_to_link: steps,
  confirming_link: steps,
  link_expired: {
    file: 'integration/link-by-qr.test.ts',
    test: 'offers six QRs, one after the other, then says that they expired; "Refresh" starts afresh',
  },
  link_cancelled: before('link_cancelled: a new QR links'),
  link_failed: before('link_failed: a new QR links'),
  link_code_rejected: before('link_code_rejected: a QR links instead'),
  enter_code_to_link: {
    file: 'integration/link-by-code.test.ts',
    test: 'gives eight characters which the phone accepts',
  },
  disconnected_by_user: codes('disconnects on both sides, and needs a new scan afterwards'),
  disconnected_locally: linked('disconnected_locally: removed on the phone as well, it can be linked again'),
  network_error: linked('network_error: with the network back, it connects by itself'),
  proxy_failed: {
    file: 'integration/proxy.test.ts',
    test: 'is not taken for the one that refuses: the link stays, the log says what the proxy wants, and what it wants helps',
  },
  connection_lost: { file: 'integration/link-silence.test.ts', test: 'is replaced after %s' },
  connection_stale: codes('replaces the socket at once after a frame that nobody can read'),
  open_timeout: {
    file: 'integration/link-silence.test.ts',
    test: 'is given up when a login goes %s: %s',
  },
  upgrade_refused: codes(
    'keeps trying when the upgrade is refused with HTTP %i, and never calls it a logout',
  ),
  server_error: linked('server_error: nothing has to be done'),
  protocol_error: {
    file: 'integration/unexpected-logins.test.ts',
    test: 'welcomes a client that is not linked: the connection is closed, and tried again',
  },
  woke_up: {
    file: 'integration/link-wake.test.ts',
    test: 'reconnects at once and answers what came meanwhile, once',
  },
  device_removed: again,
  logged_out: again,
  connection_replaced: codes(
    'does not fight another process for the link (440): three tries, then it says so',
  ),
  copy_detected: {
    file: 'integration/owner-clone.test.ts',
    test: 'takes its place by itself when the original is gone',
  },
  phone_outdated: {
    file: 'integration/unexpected-logins.test.ts',
    test: 'says while linking that the phone is too old: the phone is named',
  },
  phone_away: {
    file: 'integration/phone-away.test.ts',
    test: 'is told from day ten on, over a restart, until the phone shows itself',
  },
  person_changed: {
    file: 'integration/changed-person.test.ts',
    test: 'removing the number and adding it again in the file allows them too, and their conversation begins anew',
  },
  credentials_readable: {
    file: 'integration/account-storage.test.ts',
    test: 'whose file others could read is made private, and that they could have read it is said',
  },
  import_source_changed: {
    file: 'integration/import.test.ts',
    test: 'says so when the directory changes again: the old program is in use',
  },
  account_banned: stops,
  account_locked: stops,
  client_rejected: stops,
  temporarily_banned: codes('waits for the end of a temporary ban (402), which it shows'),
  reachout_locked: linked(
    'reachout_locked: at the time shown it is over, and who writes first is answered meanwhile',
  ),
  client_outdated: before('client_outdated: a current version in whatsappd.whatsapp.version links'),
  certificate_invalid: before('certificate_invalid: a network that leads to WhatsApp links'),
  clock_wrong: {
    file: 'integration/server-trust.test.ts',
    test: 'is refused where it is %s, and the clock is named',
  },
  owner_busy: {
    file: 'integration/account-storage.test.ts',
    test: 'belongs to one owner: a second one says who, waits, and takes over',
  },
  lock_unreachable: {
    file: 'integration/owner-lease.test.ts',
    test: 'says what is wrong when the server cannot be reached at the start, and tries again',
  },
  config_invalid: before('config_invalid: with the setting that is named corrected, it can be linked'),
  import_required: {
    file: 'integration/import.test.ts',
    test: 'is taken over when a dashboard asks for it',
  },
  storage_unreadable: {
    file: 'integration/bad-disk-damage.test.ts',
    test: 'is mended while the daemon runs, and used then',
  },
  storage_missing: {
    file: 'integration/bad-disk-full.test.ts',
    test: 'when its directory is deleted, nobody is told to scan; a restart begins anew',
  },
  storage_newer: linked('storage_newer: the copy of before the upgrade, restored, is used'),
  storage_permissions: {
    file: 'integration/bad-disk-owner.test.ts',
    test: "an account's ${name}: named, left alone, and used once it is given back",
  },
  storage_read_only: {
    file: 'integration/bad-disk-full.test.ts',
    test: 'or can only be read, the daemon says so, and connects once it can be written',
  },
  storage_full: {
    file: 'integration/bad-disk-full.test.ts',
    test: 'from the start, the daemon runs, says so, and connects once there is room',
  },
  storage_failed: {
    file: 'integration/bad-disk-refusing.test.ts',
    test: 'a disk that refuses writes to open files: nothing is acknowledged that is not stored, and it goes on by itself',
  },
  lock_server_required: {
    file: 'integration/network-volume.test.ts',
    test: 'is not used while another host may use it, which only a lock server can tell',
  },
  shutting_down: linked('shutting_down: started again, it resumes'),
  passkey_required: passkeySteps,
  passkey_sent: passkeySteps,
  passkey_code: passkeySteps,
  passkey_timed_out: passkeyAgain,
  passkey_phone_silent: passkeyAgain,
  passkey_not_confirmed: passkeyAgain,
  passkey_code_differs: passkeyAgain,
  passkey_failed: passkeyAgain,
  passkey_refused: {
    file: 'integration/link-by-passkey.test.ts',
    test: 'says so when WhatsApp refuses the signature, and begins anew on demand',
  },
  passkey_interrupted: {
    file: 'integration/link-by-passkey.test.ts',
    test: 'ends with a reason, and opens no other connection, where the connection ends at %s',
  },
  identity_check: {
    file: 'integration/identity-check.test.ts',
    test: 'says that WhatsApp wants the owner to prove who they are, where WhatsApp itself says so',
  },
}
