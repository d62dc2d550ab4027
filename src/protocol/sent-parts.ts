import { z } from 'zod'
import { CHOICE_LIMITS } from './choice-limits.ts'
import { TEXT_LIMITS } from './text/text-limits.ts'

/** Of one variable; a template may have this many. */
const MAX_VARIABLE = 1_024
const MAX_VARIABLES = 50
const MAX_CONTACTS = 10
const MAX_NUMBERS = 10
const MAX_ADDRESS = 300

const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, { error: 'Must not be empty' })
    .max(max, { error: `Must have at most ${max} characters` })
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, { error: 'Must be one line' })

export const locationSchema = z
  .strictObject({
    latitude: z.number().min(-90).max(90).describe('Degrees, north is positive.'),
    longitude: z.number().min(-180).max(180).describe('Degrees, east is positive.'),
    name: line(TEXT_LIMITS.name).optional(),
    address: line(MAX_ADDRESS).optional(),
  })
  .describe('A place on the map, in the place of `text`.')

export const contactsSchema = z
  .array(
    z.strictObject({
      name: line(TEXT_LIMITS.name),
      phoneNumbers: z
        .array(
          z
            .string()
            .max(40)
            .regex(/^\+?(?:[\s().-]*\d){3,15}$/, { error: 'Must be a phone number' }),
        )
        .min(1)
        .max(MAX_NUMBERS)
        .describe('With a plus sign and the country code.'),
    }),
  )
  .min(1)
  .max(MAX_CONTACTS)
  .describe('People, to be saved or written to, in the place of `text`.')

/** The name and the language of a template, as WhatsApp writes them. */
const templateName = z.string().min(1).max(512)
const templateLanguage = z.string().min(2).max(20)

export const templateSchema = z
  .strictObject({
    name: templateName.describe('Of a template in `templates.list`.'),
    language: templateLanguage
      .optional()
      .describe('Such as `de` or `en_US`. May be left out where the template has one language.'),
    variables: z
      .record(z.string().min(1).max(100), z.string().max(MAX_VARIABLE))
      .refine((variables) => Object.keys(variables).length <= MAX_VARIABLES, {
        error: `Must be at most ${MAX_VARIABLES} variables`,
      })
      .optional()
      .describe(
        'A value for each variable of its header and body, by name, or by number (`1`) where they have positions. One line each.',
      ),
    header: z
      .strictObject({
        link: z
          .url({ protocol: /^https$/ })
          .max(2_000)
          .describe('An https address from which WhatsApp fetches the file.'),
        fileName: line(TEXT_LIMITS.name).optional().describe('What a document is called.'),
      })
      .optional()
      .describe('The file of a template whose header is a picture, a video or a document.'),
    buttons: z
      .array(
        z.strictObject({
          index: z.number().int().min(0).max(9).describe('Which button, from 0.'),
          value: z
            .string()
            .min(1)
            .max(2_000)
            .describe('The end of its address, its code, or what comes back when it is tapped.'),
        }),
      )
      .max(10)
      .optional()
      .describe('Values of buttons that need one.'),
  })
  .describe(
    'A message that WhatsApp has approved, in the place of `text`; it may also go to people who have not written lately. Only of accounts with the capability `templates`.',
  )

const { buttons, list } = CHOICE_LIMITS

export const choicesSchema = z
  .union([
    z.strictObject({
      buttons: z
        .array(
          z.strictObject({
            id: line(buttons.id).optional().describe('Comes back with the answer; without it the title.'),
            title: line(buttons.title),
          }),
        )
        .min(1)
        .max(buttons.count, { error: `Must be at most ${buttons.count} buttons; a list has room for more` }),
    }),
    z.strictObject({
      button: line(list.button).describe('What opens the list.'),
      sections: z
        .array(
          z.strictObject({
            title: line(list.section).optional().describe('Needed where there is more than one section.'),
            rows: z
              .array(
                z.strictObject({
                  id: line(list.id).optional().describe('Comes back with the answer; without it the title.'),
                  title: line(list.title),
                  description: line(list.description).optional(),
                }),
              )
              .min(1)
              .max(list.count),
          }),
        )
        .min(1)
        .max(list.count),
    }),
  ])
  .describe(
    `What can be tapped as an answer, below \`text\`: at most ${buttons.count} buttons, or a list of at most ${list.count} rows. Only of accounts with the capability \`choices\`.`,
  )
