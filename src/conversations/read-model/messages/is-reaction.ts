/** SQL: a row of the outbox is a reaction. The index and the trigger of `schema.ts` are made from it: it never changes. */
export const IS_REACTION = `iif(json_valid(content), content ->> 'type', '') = 'reaction'`
