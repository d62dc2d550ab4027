// Loaded into the bot before its own code: databases that cannot grow while a file says so, as under a used-up quota.
import { existsSync } from 'node:fs'
import { DatabaseSync } from '@photostructure/sqlite'

/** SQLite's own limit when none is set. */
const NO_LIMIT = 4_294_967_294
const open = new Set()
const { exec } = DatabaseSync.prototype

/** A limit below the present size means the present size. */
function apply(database) {
  const limit = existsSync(process.env.FULL_FILE) ? 1 : NO_LIMIT
  try {
    exec.call(database, `PRAGMA max_page_count=${limit}`)
  } catch {
    // A look at a file without its log, which nothing is written through.
  }
}

// The package's own methods cannot be replaced, but the prototype of what it constructs can.
DatabaseSync.prototype = Object.create(DatabaseSync.prototype, {
  exec: {
    value(sql) {
      if (!open.has(this)) {
        open.add(this)
        apply(this)
      }
      return exec.call(this, sql)
    },
  },
})

process.on('SIGUSR2', () => {
  for (const database of open) {
    if (database.isOpen) apply(database)
    else open.delete(database)
  }
})
