import { addressOfIdEntry } from '../../access/numbers/id-entry.ts'
import type { Transport } from '../../messaging/transport.ts'
import { entriesNaming } from '../../access/entries-naming.ts'
import type { Database } from '../../storage/database/database.ts'

/** A name may lead to another one that leads to a third; a person has no more than a handful. */
const MAX_ROUNDS = 4

/** A number may belong to somebody else by now: addresses of single messages lead nowhere. */
const STORED = `
  SELECT address AS value FROM conversation_addresses WHERE conversation IN
    (SELECT id FROM conversations WHERE kind = 'direct' AND (name IN (SELECT value FROM json_each(?1))
      OR id IN (SELECT conversation FROM conversation_addresses WHERE address IN (SELECT value FROM json_each(?1)))))`

/**
 * Every name by which a person is stored: number, LID, addresses of the transport, entries of lists. `names`: those that are known, at
 * least one. Only what was proven leads from one name to another.
 */
export function personAddresses(
  database: Database,
  transport: Pick<Transport, 'identify'>,
  names: readonly string[],
): string[] {
  let known = new Set(names)
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const rows = database.prepare(STORED).all(JSON.stringify([...known]))
    // The column asked for.
    const stored = (rows as { value: string }[]).map(({ value }) => value)
    const next = new Set([...known, ...[...known].flatMap((name) => namesOf(transport, name)), ...stored])
    if (next.size === known.size) break
    known = next
  }
  return [...known]
}

/** What the transport knows of an address: nothing that only a message said. */
function namesOf(transport: Pick<Transport, 'identify'>, name: string): string[] {
  const identity = transport.identify(addressOfIdEntry(name) ?? name)
  const entries = entriesNaming(identity)
  return [identity.address, ...entries, ...entries.flatMap((entry) => addressOfIdEntry(entry) ?? [])]
}
