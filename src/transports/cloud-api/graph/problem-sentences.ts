import type { SendFailure } from '../../../messaging/outcome.ts'
import { type GraphProblem, type GraphProblemKind, notAsked, problemOfCode } from './graph-problem.ts'

const MANAGER = 'WhatsApp Manager (business.facebook.com/wa/manage)'
const NEW_TOKEN =
  'Make a new token of a system user (business.facebook.com, Settings, System users, with whatsapp_business_messaging and ' +
  'whatsapp_business_management), and put it in the place of the old one.'

type Sentence = readonly [code: string, message: string]

/** By Meta's code, from its page of error codes and what is known of the Graph API: what happened, and what to do. */
const SENTENCES: Readonly<Record<number, Sentence>> = {
  0: ['token_invalid', `Meta does not accept the access token. ${NEW_TOKEN}`],
  1: ['meta_failed', 'Meta reports an unknown error. Wait a few minutes, and try again.'],
  2: ['meta_failed', "Meta's service is down for the moment. Wait a few minutes, and try again."],
  3: ['access_token_permission', `The app or the token lacks a capability that this needs. ${NEW_TOKEN}`],
  4: ['rate_limited', 'The Meta app made too many calls. It goes on by itself when Meta lets it.'],
  10: ['access_token_permission', `The token lacks a permission, or has lost it. ${NEW_TOKEN}`],
  33: ['number_gone', `Meta has no such business number any more. Look into ${MANAGER}.`],
  100: ['not_valid', 'Meta does not accept what was sent: a value is missing, or is not valid.'],
  190: ['token_invalid', `The access token is not valid any more. ${NEW_TOKEN}`],
  368: [
    'account_restricted',
    `Meta has blocked the account for a while for a breach of its rules. Look into ${MANAGER}, Account quality.`,
  ],
  80007: [
    'rate_limited',
    'The WhatsApp Business account made too many calls. It goes on by itself when Meta lets it.',
  ],
  130403: ['recipient_blocked', 'This business has blocked the recipient. Unblock them, and send it again.'],
  130429: [
    'rate_limited',
    'The number sent too many messages at a time. It goes on by itself within seconds.',
  ],
  130472: [
    'not_delivered_marketing',
    "Meta did not deliver this marketing message: the recipient is part of an experiment of Meta's. Another kind of message arrives.",
  ],
  130497: [
    'country_restricted',
    `Meta does not let this account write to people in the recipient's country. Look into ${MANAGER}, Account quality.`,
  ],
  131000: [
    'meta_failed',
    'Meta could not send the message and does not say why. Wait a few minutes, and send it again.',
  ],
  131005: ['access_token_permission', `The token lacks a permission, or has lost it. ${NEW_TOKEN}`],
  131008: ['not_valid', 'Meta does not accept the message: something that it needs is missing.'],
  131009: [
    'not_valid',
    'Meta does not accept a value of the message. Of a reaction: its message is older than 30 days, was deleted, or is a reaction itself.',
  ],
  131016: [
    'meta_failed',
    "A service of Meta's is down for the moment. Wait a few minutes, and send it again.",
  ],
  131021: ['recipient_is_sender', 'A number cannot write to itself. Give another recipient.'],
  131026: [
    'undeliverable',
    'WhatsApp cannot deliver this: the recipient has no WhatsApp with this number, an old version of it, or has not accepted its ' +
      'new terms. Ask them on another way to update WhatsApp.',
  ],
  131030: [
    'recipient_not_listed',
    "A test number of Meta's writes only to people on its list. Add the recipient at developers.facebook.com, WhatsApp, API setup, or " +
      'use a number of your own.',
  ],
  131031: [
    'account_restricted',
    `Meta has locked the account, for a breach of its rules or a wrong PIN. Look into ${MANAGER}, Account quality.`,
  ],
  131042: [
    'payment_needed',
    'Meta wants a payment method for this number, or could not charge the one that it has. Set it right at business.facebook.com, ' +
      'Billing and payments.',
  ],
  131045: [
    'not_registered',
    `The number is not registered with the Cloud API. Register it again (${MANAGER}, Phone numbers).`,
  ],
  131047: [
    'window_closed',
    'The person has not written for 24 hours, so that WhatsApp takes only templates. Send a template, or wait until they write.',
  ],
  131048: [
    'account_restricted',
    `Meta limits what this number sends, because people blocked it or reported it as spam. Look into ${MANAGER}, Account quality.`,
  ],
  131049: [
    'not_delivered_marketing',
    'Meta did not deliver this marketing message, to keep the recipient from too many of them. Try again after 24 hours.',
  ],
  131050: [
    'marketing_stopped',
    'The recipient does not want marketing messages of this business. Send none.',
  ],
  131051: ['not_supported', 'WhatsApp does not support messages of this kind.'],
  131052: [
    'file_not_readable',
    'WhatsApp could not fetch the file that the person sent. Ask them to send it again.',
  ],
  131053: [
    'file_refused',
    'WhatsApp does not accept the file: its content is not what its type says, or is of a kind that it does not take.',
  ],
  131056: ['rate_limited', 'Too many messages went to this person in a short time. It goes on by itself.'],
  131057: ['rate_limited', "Meta works on the number's account. It goes on by itself within minutes."],
  131062: [
    'number_needed',
    "A message of this kind needs the recipient's phone number, which is hidden. Ask for it in the chat, or send another kind.",
  ],
  131064: [
    'account_restricted',
    `Meta limits what this account sends because of its quality. Look into ${MANAGER}, Account quality.`,
  ],
  132000: [
    'template_not_valid',
    'The template has another number of variables. List it, and give a value for each.',
  ],
  132001: ['template_not_found', 'There is no such template in this language, or Meta has not approved it.'],
  132005: ['template_not_valid', 'The template is too long with these values. Give shorter ones.'],
  132007: [
    'template_refused',
    `The template breaks a rule of Meta's. Look into ${MANAGER}, Message templates.`,
  ],
  132012: ['template_not_valid', 'A value of the template has another format than the template wants.'],
  132015: [
    'template_paused',
    `Meta has paused the template because of its quality. Change it in ${MANAGER}.`,
  ],
  132016: [
    'template_paused',
    `Meta has switched the template off for good because of its quality. Make another one in ${MANAGER}.`,
  ],
  132068: ['template_not_valid', 'The flow of the template is blocked. Correct the flow.'],
  132069: ['rate_limited', 'The flow of the template was sent too often in the last hour. Try again later.'],
  133000: [
    'registration_failed',
    'An earlier deregistration of the number did not finish. Deregister it again, then register it.',
  ],
  133004: [
    'meta_failed',
    "Meta's server for registrations is down for the moment. Wait a few minutes, and try again.",
  ],
  133005: [
    'wrong_pin',
    `The PIN of the two-step verification is wrong. Give the number's PIN, or switch the verification off in ${MANAGER}, Phone numbers.`,
  ],
  133006: [
    'registration_failed',
    `The number must be verified before it can be registered: ${MANAGER}, Phone numbers.`,
  ],
  133008: ['wrong_pin', 'The PIN was wrong too often. Wait as long as Meta says, then give the right one.'],
  133009: ['wrong_pin', 'The PIN was tried too fast. Wait a few minutes, then give the right one.'],
  133010: [
    'not_registered',
    `The number is not registered with the Cloud API. Register it again (${MANAGER}, Phone numbers).`,
  ],
  133015: ['registration_failed', 'The number was deleted a moment ago. Wait five minutes, and try again.'],
  133016: [
    'registration_failed',
    'The number was registered or deregistered too often. Wait 72 hours, and try again.',
  ],
  135000: ['not_valid', 'Meta could not send the message: something in it is not valid.'],
}

/** Of code 190, by its subcode. */
const TOKEN_SENTENCES: Readonly<Record<number, Sentence>> = {
  458: ['access_token_revoked', `The app was removed from the account that made the token. ${NEW_TOKEN}`],
  459: [
    'access_token_revoked',
    'The Facebook account behind the token must be checked. Log in at facebook.com and follow what it says.',
  ],
  460: ['access_token_revoked', `The password of the account behind the token was changed. ${NEW_TOKEN}`],
  463: ['access_token_expired', `The access token has expired. ${NEW_TOKEN}`],
  464: [
    'access_token_revoked',
    'The Facebook account behind the token is not confirmed. Log in at facebook.com and follow what it says.',
  ],
  467: ['access_token_revoked', `The access token was revoked. ${NEW_TOKEN}`],
  492: ['access_token_revoked', `The account behind the token has lost its role. ${NEW_TOKEN}`],
}

/** Of codes without a sentence of their own, and of answers without a code. */
const BY_KIND: Readonly<Record<GraphProblemKind, Sentence>> = {
  retry: [
    'meta_failed',
    'Meta could not be reached, or did not answer as it should. Wait a few minutes, and try again.',
  ],
  rate_account: ['rate_limited', 'Meta got too many calls. It goes on by itself when Meta lets it.'],
  rate_number: ['rate_limited', 'The number sent too many messages at a time. It goes on by itself.'],
  rate_pair: ['rate_limited', 'Too many messages went to this person in a short time. It goes on by itself.'],
  restricted: ['account_restricted', `Meta restricts the account. Look into ${MANAGER}, Account quality.`],
  window_closed: [
    'window_closed',
    'The person has not written for 24 hours. Send a template, or wait until they write.',
  ],
  recipient: ['undeliverable', 'WhatsApp cannot deliver this to the recipient.'],
  marketing: ['not_delivered_marketing', 'Meta did not deliver this marketing message.'],
  content: ['not_valid', 'Meta does not accept what was sent.'],
  auth: [
    'access_token_permission',
    `Meta does not accept the access token, or it lacks a permission. ${NEW_TOKEN}`,
  ],
  registration: ['not_registered', `The number is not ready to send. Look into ${MANAGER}, Phone numbers.`],
  not_found: ['not_found', 'Meta knows no such object, or the token does not reach it.'],
  refused: ['message_refused', 'Meta refused it.'],
}

/** Of messages that Meta had taken: they have failed, and do not go again by themselves as those do that wait. */
const TOO_MUCH: Readonly<Partial<Record<GraphProblemKind, string>>> = {
  rate_account: 'The WhatsApp Business account made too many calls. Send it again in some minutes.',
  rate_number: 'The number sent too many messages at a time. Send it again in some minutes.',
  rate_pair: 'Too many messages went to this person in a short time. Send it again in some minutes.',
}

/** Kinds of which Meta's own words say more than ours. */
const TOLD_WITH_DETAILS: ReadonlySet<GraphProblemKind> = new Set([
  'content',
  'refused',
  'not_found',
  'registration',
])

/** Why a message does not arrive: a code of ours, which stays, and a sentence with the cure. */
export function failureOf(problem: GraphProblem): SendFailure {
  const [code] = sentenceOf(problem)
  return { code, message: problemSentence(problem) }
}

/** As `failureOf`, for what the status of a message says; `null`: it names no code. */
export function failureOfStatus({ code, details }: { code: number | null; details: string }): SendFailure {
  if (code === null) return failureOf(notAsked('refused', details))
  const problem = problemOfCode({ code, details })
  const failure = failureOf(problem)
  const message = TOO_MUCH[problem.kind]
  return message === undefined ? failure : { ...failure, message: `${message} (Meta's error ${code})` }
}

/** What happened and what to do, in a sentence or two for a person; with Meta's code, and its words where they say more. */
export function problemSentence(problem: GraphProblem): string {
  const [, message] = sentenceOf(problem)
  const { code, details, kind } = problem
  const words = details !== '' && TOLD_WITH_DETAILS.has(kind) ? `: ${details}` : ''
  if (code !== null) return `${message} (Meta's error ${code}${words})`
  return words === '' ? message : `${message} (${details})`
}

function sentenceOf({ kind, code, subcode }: GraphProblem): Sentence {
  if (code === null || kind === 'not_found') return BY_KIND[kind]
  const ofToken = code === 190 && subcode !== null ? TOKEN_SENTENCES[subcode] : undefined
  return ofToken ?? SENTENCES[code] ?? BY_KIND[kind]
}
