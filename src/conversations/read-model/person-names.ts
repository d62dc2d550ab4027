import { entriesNaming } from '../../access/entries-naming.ts'
import { senderNameAsWritten, senderNameOf } from '../../config/as-written.ts'
import type { AccountConfig } from '../../config/model.ts'
import { boundedName } from '../../text/bounded-text.ts'
import type { Admission } from '../intake/admission.ts'

export interface PersonNamesDependencies {
  admission: Pick<Admission, 'identify'>
  config: () => AccountConfig
}

/** What views call a person, as the inbox names them: by the config, else by their own word (`ownName`). */
export function personName(
  { admission, config }: PersonNamesDependencies,
  person: string,
  ownName: string | null,
): string | null {
  const account = config()
  const configured = entriesNaming(admission.identify(person))
    .map((entry) => senderNameOf(account, entry))
    .find((name) => name !== null)
  const name = configured ?? senderNameAsWritten(account, ownName)
  return name === null ? null : boundedName(name)
}
