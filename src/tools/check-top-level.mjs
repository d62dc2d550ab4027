/**
 * Holds the top level of the repository to what belongs there: whatever else is committed there ends this with exit code 1.
 * Reads the files that git tracks in the working directory.
 */
import { execFileSync } from 'node:child_process'

const ALLOWED = new Set([
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'src',
  'test',
  'sandbox.config.example.json5',
  'Makefile',
  'docs',
  'deploy',
  // Pages for people, which code hosts look for here.
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'LICENSE',
  // Configs that their tools look for here.
  '.ci',
  '.github',
  '.gitattributes',
  '.gitignore',
  '.npmrc',
  '.oxfmtrc.json',
  '.oxlintrc.json',
  'knip.json',
  'lefthook.yml',
  'vitest.config.ts',
])

const tracked = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0')
const topLevel = new Set(tracked.filter((path) => path !== '').map((path) => path.split('/', 1)[0]))
const strangers = [...topLevel].filter((name) => !ALLOWED.has(name))
for (const name of strangers) {
  process.stderr.write(
    `${name}: not allowed at the top level of the repository. Move it into src, test or docs, or, where a tool insists on this ` +
      'place, add it to the list in src/tools/check-top-level.mjs.\n',
  )
}
process.exitCode = strangers.length > 0 ? 1 : 0
