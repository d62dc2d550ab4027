/** The rows of the table of reasons (`reasons.ts`) that only numbers of WhatsApp Business accounts can have. */
export const BUSINESS_REASONS = {
  business_not_connected: {
    message: 'This is a WhatsApp Business account, and no number is connected yet.',
    action:
      'Connect the number in the dashboard, or give cloudApi.accessToken and cloudApi.phoneNumberId in the config file; docs/business.md shows the way.',
  },
  business_incomplete: {
    message: 'The settings of this WhatsApp Business account are incomplete.',
    action: 'Set what is named, in the config file or in the environment of whatsappd.',
  },
  business_disconnected: {
    message: 'The WhatsApp Business account was disconnected here; its history stays.',
    action:
      'Take what is named out of the config file or the environment, so that nobody uses it again. To connect again, press "Connect" or give another token.',
  },
  business_disconnected_locally: {
    message:
      'The WhatsApp Business account was disconnected here, but the app may still get its webhooks: WhatsApp could not be asked to stop them, or another account here needs them.',
    action:
      'When no other account needs them, remove the app from the account: Meta Business Suite > Settings > Accounts > WhatsApp accounts > Apps.',
  },
  access_token_expired: {
    message: 'The access token of the WhatsApp Business account has expired.',
    action:
      'Make a new one (Meta Business Suite > Settings > System users > Generate token, with "Never" as expiry) and put it in the place of the old one, or sign up again in the dashboard. It counts at once.',
  },
  access_token_revoked: {
    message: 'WhatsApp does not accept the access token: it was revoked, replaced, or never was one.',
    action:
      'Make a new one (Meta Business Suite > Settings > System users > Generate token; at 360dialog: Hub > the number > API key) and put it in the place of the old one, or sign up again in the dashboard. It counts at once.',
  },
  access_token_permission: {
    message: 'The access token may not do what is needed.',
    action:
      'It needs whatsapp_business_messaging and whatsapp_business_management, and its system user needs the app and the WhatsApp account as assets with full control (Meta Business Suite > Settings > System users > Assign assets). Then make a new token.',
  },
  business_access_removed: {
    message:
      'The connection between the WhatsApp Business account and the app was removed on WhatsApp’s side.',
    action:
      'Sign up again in the dashboard, or give the app access to the account again and make a new token.',
  },
  business_offboarded: {
    message:
      'WhatsApp has taken the number off the Cloud API for now; a number that also runs in the Business app usually comes back by itself within minutes.',
    action:
      'Open the WhatsApp Business app on the phone and wait. When it lasts, sign up again in the dashboard.',
  },
  number_not_found: {
    message: 'The phone number id does not belong to this WhatsApp Business account.',
    action:
      'Compare both ids in WhatsApp Manager > Account tools > Phone numbers: the id of the phone number is not the number itself, and not the id of the account.',
  },
  number_ambiguous: {
    message: 'The WhatsApp Business account has several phone numbers, and none was chosen.',
    action: 'Connect again with the phone number id, or set cloudApi.phoneNumberId.',
  },
  number_not_registered: {
    message: 'The number is not registered with the Cloud API, so that nothing can be sent or received.',
    action:
      'Finish the set-up: "Connect" in the card, or "whatsappd link". Where another provider or the phone app uses the number now, that ends the use there.',
  },
  number_elsewhere: {
    message: 'The number is still registered with another provider.',
    action:
      'Have that provider switch two-step verification off, then add the number with its "move" in Meta’s sign-up (a new WhatsApp account, the same display name), and connect it here: that is the moment when it moves.',
  },
  number_in_phone_app: {
    message: 'The number is in use in the WhatsApp app on a phone.',
    action:
      'Keep it there with the sign-up for WhatsApp Business app users (coexistence), or delete that WhatsApp account on the phone (Settings > Account > Delete my account; its chats are lost) and register the number again after some minutes.',
  },
  number_unverified: {
    message: 'The number must be verified with a code before it can be registered.',
    action:
      'WhatsApp Manager > Account tools > Phone numbers > Verify, or sign up again in the dashboard; then finish the set-up.',
  },
  number_unusable: {
    message: 'WhatsApp does not let this number be used.',
    action: 'See what WhatsApp Manager > Account tools > Phone numbers says of the number.',
  },
  wrong_pin: {
    message:
      'The number has a two-step PIN that is not known here, mostly one that an earlier provider has set. It is not guessed: WhatsApp locks the number for hours after wrong ones.',
    action:
      'Connect again with the PIN, or switch it off first: WhatsApp Manager > Account tools > Phone numbers > (number) > Settings > Two-step verification > Turn off. Then finish the set-up.',
  },
  register_later: {
    message:
      'WhatsApp does not take the registration of this number for now: there were too many attempts, or it was removed a moment ago.',
    action:
      'Wait until the time shown; the daemon tries again then. Where WhatsApp names the PIN, have the right one ready: it is asked for if the last one was wrong.',
  },
  register_failed: {
    message: 'WhatsApp refused to register the number.',
    action: 'See what is named; then finish the set-up: "Connect" in the card, or "whatsappd link".',
  },
  business_refused: {
    message: 'WhatsApp refused a request about this Business account.',
    action: 'See what is named. The daemon asks again once an hour; "Reconnect" asks at once.',
  },
  business_restricted: {
    message: 'WhatsApp restricts this Business account: some messages are not taken.',
    action: 'See Meta Business Suite > Business support > Account overview for the cause and what ends it.',
  },
  business_banned: {
    message: 'WhatsApp has disabled this Business account.',
    action: 'Ask for a review: Meta Business Suite > Business support > Account overview > Request review.',
  },
  webhooks_unsigned: {
    message: 'There is no app secret, so that every webhook of WhatsApp is refused: nothing is received.',
    action:
      'Set what is named to the app secret: App Dashboard (developers.facebook.com) > the app > App settings > Basic > App secret > Show.',
  },
  webhooks_refused: {
    message: 'Webhooks came whose signature does not fit the app secret; they were refused.',
    action:
      'Compare the app secret with App Dashboard > the app > App settings > Basic > App secret. While it is being replaced, give both in a list. At 360dialog, set its callback address anew from the card, and leave the app secret out where it signs nothing. Otherwise somebody else has posted to the address.',
  },
  webhooks_missing: {
    message: 'No webhook of WhatsApp has come yet, so that nothing is received.',
    action:
      'App Dashboard > the app > WhatsApp > Configuration: set callback URL and verify token, subscribe to the field "messages", and put the app into Live mode. Then write to the number. docs/business.md has the steps.',
  },
  webhooks_not_subscribed: {
    message: 'The app is not subscribed to this WhatsApp Business account, so that nothing is received.',
    action:
      'Press "Reconnect" to subscribe it. When that fails, the token lacks whatsapp_business_management for this account; at 360dialog, set the callback URL of the card in its Hub.',
  },
  quality_low: {
    message: 'WhatsApp rates the quality of this number as low: people block or report it.',
    action:
      'See WhatsApp Manager > Account tools > Phone numbers > Insights, and write only to people who expect it.',
  },
  token_expires_soon: {
    message: 'The access token of the WhatsApp Business account expires soon.',
    action:
      'Make a new one (Meta Business Suite > Settings > System users > Generate token, with "Never" as expiry) and put it in the place of the old one, or sign up again in the dashboard.',
  },
  number_linked_twice: {
    message:
      'Another account here has the same number: people may be answered twice, and WhatsApp hides messages of a Business number from linked devices.',
    action: 'Use one of the two: disconnect the account that is named, or this one.',
  },
} as const satisfies Record<string, { message: string; action: string }>
