import { z } from 'zod'
import {
  accountIdSchema,
  accountPasskeySchema,
  accountSchema,
  linkOfferSchema,
  phoneNumberSchema,
  timestampSchema,
} from '../account/account.ts'
import { businessConnectionSchema } from '../account/business.ts'
import { MAX_ASSERTION_LENGTH } from '../account/passkey.ts'
import { printableSchema } from '../text/printable-schema.ts'
import { TEXT_LIMITS } from '../text/text-limits.ts'
import { truncatedSchema } from '../truncated.ts'
import type { MethodDefinition } from './method.ts'
import { account, revision } from './parameters.ts'

const ceremonyId = z
  .string()
  .min(1)
  .max(64)
  .describe('The ceremony that this is for; `passkey_not_expected` when another one is live, or none.')

const accountResult = z.object({ account: accountSchema.describe('The account afterwards.') })

export const ACCOUNTS_METHODS = {
  'accounts.list': {
    params: z.strictObject({
      after: accountIdSchema
        .optional()
        .describe('Only the accounts that follow this one; for the next page.'),
    }),
    result: z.object({
      accounts: z.array(accountSchema).describe('The accounts in their order, at most 100.'),
      linked: z.array(accountIdSchema).describe('Those of them whose link is complete.'),
      pending: z.array(accountIdSchema).describe('Those of them that still have to be linked.'),
      removable: z
        .array(accountIdSchema)
        .optional()
        .describe(
          'Those of them that `accounts.remove` takes: pending ones, unless there is only one account, which stays (`last_account`). Absent from older daemons.',
        ),
      total: z.number().int().nonnegative().optional().describe('How many accounts there are.'),
      log: z
        .object({
          lostLines: z.number().int().positive().describe('How many lines are missing in the log.'),
          code: z
            .string()
            .describe(
              "The system's code of the last failure, such as `ENOSPC` (the disk is full) or `EAGAIN` (what reads the log does not keep up).",
            ),
          lastAt: timestampSchema.describe('When the last line was lost.'),
        })
        .optional()
        .describe(
          "What of the daemon's log could not be written since it started. Absent where nothing is missing, and from older daemons.",
        ),
      truncated: truncatedSchema.optional(),
    }),
    scope: 'read',
    since: '1',
    summary: 'Every account with its status.',
  },
  'accounts.activity': {
    params: z.strictObject({
      account,
      since: timestampSchema.describe(
        "Answers are counted from then on, such as from the viewer's midnight.",
      ),
    }),
    result: z.object({
      lastMessageAt: timestampSchema.nullable().describe('When an allowed person last wrote.'),
      lastAnswerAt: timestampSchema.nullable().describe('When the assistant last answered.'),
      answered: z
        .number()
        .int()
        .nonnegative()
        .describe('How many times it answered since `since`; 5,000 where there is more.'),
      waiting: z
        .number()
        .int()
        .nonnegative()
        .describe('How many messages of allowed people have no answer yet.'),
      queued: z.number().int().nonnegative().describe('How many replies wait to be sent.'),
    }),
    scope: 'read',
    since: '1',
    summary:
      'Signs of life of an account, counted when it is asked for. Ask again after `message.*` and `agent.*`, every two seconds at most.',
  },
  'accounts.ignoreSender': {
    params: z.strictObject({ account, phoneNumber: phoneNumberSchema }),
    result: z.object({
      phoneNumber: phoneNumberSchema,
      until: timestampSchema.describe('When they are reported again, unless they may write by then.'),
    }),
    scope: 'config',
    since: '1',
    summary:
      'Whoever wrote from this number without being allowed is not reported again (`message.blocked`, `blocked` of the snapshot) for 90 days, or until they may write. Nothing else changes: they get no answer, as before. At most 1,000 of an account, the latest.',
  },
  'accounts.link': {
    params: z
      .strictObject({
        account,
        method: z.enum(['qr', 'code']).default('qr').describe('How to link.'),
        phoneNumber: z
          .string()
          .max(64)
          .optional()
          .describe('The number of the phone to link; required for `code`.'),
      })
      .refine((params) => params.method === 'qr' || params.phoneNumber !== undefined, {
        path: ['phoneNumber'],
        message: 'required for method "code"',
      }),
    result: linkOfferSchema,
    scope: 'link',
    since: '1',
    summary: 'Answers with the live QR or pairing code, or starts linking afresh.',
  },
  'accounts.cancelLink': {
    params: z.strictObject({ account }),
    result: accountResult,
    scope: 'link',
    since: '1',
    summary: 'Ends linking; the QR or code is void.',
  },
  'accounts.passkey.get': {
    params: z.strictObject({ account }),
    result: z.object({
      passkey: accountPasskeySchema.nullable().describe('The live ceremony; `null` when there is none.'),
    }),
    scope: 'link',
    since: '1',
    summary:
      'The passkey ceremony under way, with what has to be signed: for a page that has just been opened. See [linking with a passkey](passkey.md).',
  },
  'accounts.passkey.answer': {
    params: z.strictObject({
      account,
      ceremonyId,
      assertion: z
        .union([z.string().max(MAX_ASSERTION_LENGTH), z.record(z.string(), z.unknown())])
        .describe(
          'The `toJSON()` of the credential that the browser returned, or its text; at most 16 KiB. It is checked before it leaves: `passkey_answer_invalid` names what is wrong, and the ceremony goes on.',
        ),
    }),
    result: accountResult,
    scope: 'link',
    since: '1',
    summary: 'Hands over the signature, once. How WhatsApp takes it is told by the account.',
  },
  'accounts.passkey.confirm': {
    params: z.strictObject({
      account,
      ceremonyId,
      matches: z
        .boolean()
        .default(true)
        .describe('False ends the attempt: the phone shows another code (`passkey_code_differs`).'),
    }),
    result: accountResult,
    scope: 'link',
    since: '1',
    summary: 'In step `code`: a person has compared the code with the one on the phone.',
  },
  'accounts.connectBusiness': {
    params: businessConnectionSchema.extend({ account }),
    result: accountResult,
    scope: 'link',
    since: '1',
    summary:
      'Connects a number of a WhatsApp Business account, after Meta’s sign-up or with a token of one’s own ([business](business.md)); on a Business account that the config describes, finishes what is left of its set-up. The token is checked, the number registered and the app subscribed, and each step is told by `account.status`. What is given is stored beside the account and never shown. May be called again.',
  },
  'accounts.reconnect': {
    params: z.strictObject({ account }),
    result: accountResult,
    scope: 'link',
    since: '1',
    summary:
      'Connects now; in `unlinked` and `logged_out` it starts linking by QR. A Business account is checked again.',
  },
  'accounts.disconnect': {
    params: z.strictObject({ account }),
    result: z.object({
      account: accountSchema,
      unlinkedOnPhone: z
        .boolean()
        .describe(
          'False when WhatsApp could not be reached; the phone then still lists the device. Of a Business account: false when the app still gets its webhooks.',
        ),
      leftOver: z
        .array(z.string())
        .optional()
        .describe(
          'Keys of the config file and environment variables that still have the credentials of a Business account, and must be taken out by hand. Absent where there are none.',
        ),
    }),
    scope: 'link',
    since: '1',
    summary:
      "Unlinks on WhatsApp's side too, erases the credentials, keeps the history. A Business account stays disconnected until it is connected again, or gets another token.",
  },
  'accounts.setEnabled': {
    params: z.strictObject({ account, enabled: z.boolean().describe('False pauses the account.') }),
    result: z.object({
      account: accountSchema,
      revision: z.string().describe('The revision after the edit.'),
    }),
    scope: 'link',
    since: '1',
    summary: 'Pauses or resumes an account without losing its link. Writes the config file.',
  },
  'accounts.takeOver': {
    params: z.strictObject({ account }),
    result: accountResult,
    scope: 'link',
    since: '1',
    summary: 'Leaves `conflict`: this daemon connects, and the other one that uses the same link loses it.',
  },
  'accounts.import': {
    params: z.strictObject({ account }),
    result: accountResult,
    scope: 'link',
    since: '1',
    summary:
      'Takes over the link that another program has left in the directory which the config names for the account (`import_required`). `import_refused` says why it cannot be now.',
  },
  'accounts.create': {
    params: z.strictObject({
      id: accountIdSchema.describe('Id of the new account; it names its directory and never changes.'),
      name: printableSchema
        .min(1)
        .max(TEXT_LIMITS.name)
        .optional()
        .describe('A name for people to see: one printable line.'),
      revision,
    }),
    result: z.object({
      account: accountSchema,
      created: z.boolean().describe('False when an account of this id existed already; it is not changed.'),
      revision: z.string().describe('The revision after the edit.'),
    }),
    scope: 'link',
    since: '1',
    summary:
      'Adds an account, up to `maxAccounts`; an id that exists already is not added again. It takes its settings from the root. Writes the config file.',
  },
  'accounts.remove': {
    params: z.strictObject({
      account: accountIdSchema,
      revision,
      confirm: z
        .array(z.enum(['link']))
        .max(1)
        .optional()
        .describe(
          'What a person has confirmed: that a `link` may be lost. Needed where the files cannot be read (`storage_error`), so that it is unknown whether they hold one; `confirmation_required` without it.',
        ),
    }),
    result: z.object({
      account: accountIdSchema.describe('The account that was removed.'),
      revision: z.string().describe('The revision after the edit.'),
    }),
    scope: 'link',
    since: '1',
    summary:
      'Removes an account that is not linked (`still_linked` otherwise) and not the only one (`last_account`), with its directory and the history in it. Writes the config file.',
  },
} as const satisfies Record<`accounts.${string}`, MethodDefinition>
