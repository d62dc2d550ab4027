import { EditJournal } from '../../src/config/file/edit-journal.ts'

/** Edits a config file in place, to one text and the other in turn, until it is killed. The texts come as a message. */
const [stateDir = '', path = ''] = process.argv.slice(2)

process.once('message', (message) => {
  // The parent of this process sends nothing else.
  const [one, other] = message as [string, string]
  const journal = new EditJournal(stateDir, path)
  journal.write(one, other)
  process.send?.('editing')
  for (;;) {
    journal.write(other, one)
    journal.write(one, other)
  }
})
