import { createHash } from 'node:crypto'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import type { Migration } from './migrate.ts'
import { StorageError } from '../storage-error.ts'

interface SchemaRow {
  type: string
  name: string
  tbl_name: string
  sql: string | null
}

/** Tables that ANALYZE of any tool leaves; only SQLite's planner reads them. */
const STATISTICS = /^CREATE TABLE sqlite_stat\d\([a-z,]+\)$/
const READ_SCHEMA = 'SELECT type, name, tbl_name, sql FROM sqlite_schema'

/** By the list of migrations: the parts of each version of its schema. */
const known = new WeakMap<readonly Migration[], Map<number, ReadonlySet<string>>>()

/**
 * Refuses a file whose schema is not exactly the one that the migrations up to `version` make: a trigger, a view or a
 * virtual table would run as part of our own statements. Reads the schema alone. Throws `StorageError`, or what SQLite
 * throws.
 */
export function verifySchema(
  connection: DatabaseSyncInstance,
  path: string,
  version: number,
  migrations: readonly Migration[],
): void {
  const found = readSchema(connection)
  const digest = migrations.find((migration) => migration.version === version)?.schemaDigest
  if (digest !== undefined && digestOf(found) === digest) return
  const expected = schemaOf(version, migrations)
  const foreign = found.find((row) => !expected.has(keyOf(row)) && !STATISTICS.test(row.sql ?? ''))
  if (foreign !== undefined && version === 0)
    throw new StorageError('storage_unreadable', `${path} holds no account and no event of whatsappd`)
  if (foreign !== undefined) {
    throw new StorageError(
      'storage_unreadable',
      `${path} holds the ${foreign.type} ${JSON.stringify(foreign.name.slice(0, 64))}, which is not as whatsappd makes it`,
    )
  }
  const names = new Set(found.map(keyOf))
  if ([...expected].some((key) => !names.has(key)))
    throw new StorageError('storage_unreadable', `${path} lacks a part of the schema that it claims to have`)
}

/** SHA-256 of the schema in hexadecimal, whichever way the file came to it; statistics aside. Throws what SQLite throws. */
export function schemaDigest(connection: DatabaseSyncInstance): string {
  return digestOf(readSchema(connection))
}

function digestOf(rows: readonly SchemaRow[]): string {
  const own = rows.filter(({ sql }) => !STATISTICS.test(sql ?? ''))
  return createHash('sha256')
    .update(JSON.stringify(own.map(keyOf).toSorted()))
    .digest('hex')
}

function readSchema(connection: DatabaseSyncInstance): SchemaRow[] {
  // The four columns of the query.
  const rows: unknown = connection.prepare(READ_SCHEMA).all()
  return rows as SchemaRow[]
}

function schemaOf(version: number, migrations: readonly Migration[]): ReadonlySet<string> {
  const versions = known.get(migrations) ?? new Map<number, ReadonlySet<string>>()
  known.set(migrations, versions)
  const schema = versions.get(version) ?? makeSchema(version, migrations)
  versions.set(version, schema)
  return schema
}

function makeSchema(version: number, migrations: readonly Migration[]): ReadonlySet<string> {
  const model = new DatabaseSync(':memory:')
  try {
    for (const migration of migrations) if (migration.version <= version) model.exec(migration.sql)
    return new Set(readSchema(model).map(keyOf))
  } finally {
    model.close()
  }
}

/** SQLite keeps the text of each statement as it was written; white space makes no difference. */
function keyOf({ type, name, tbl_name, sql }: SchemaRow): string {
  return JSON.stringify([type, name, tbl_name, sql?.replaceAll(/\s+/g, ' ').trim() ?? null])
}
