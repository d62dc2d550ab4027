import { z } from 'zod'
import { entryList } from '../read/people/entry-list.ts'
import { member, setting } from './setting.ts'
import { flag, phoneNumber } from './value-schemas.ts'

/** What people may ask of the daemon itself, in a chat. */
export const commandSettings = {
  commands: setting(
    z.strictObject({
      enabled: member(flag, {
        description: 'Whether there are any. `false`: the assistant gets what begins with a slash, too.',
        default: true,
        example: true,
      }),
      owners: member(entryList(z.array(phoneNumber), { substitute: '' }), {
        description:
          "Who may also use the commands of owners: the account's own phone always, and those of these people, named as in `allowFrom`, who may write there. An account with a list of its own has only that one.",
        default: [],
        example: ['+15555550101'],
      }),
    }),
    {
      description: 'The chat commands.',
      default: { enabled: true, owners: [] },
      example: { owners: ['+15555550101'] },
    },
  ),
}
