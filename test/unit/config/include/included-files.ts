import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { CONNECTORS } from '../../../../src/agents/registry.ts'
import { Evaluation } from '../../../../src/config/evaluation/evaluation.ts'
import type { EditRequest } from '../../../../src/config/edit/edit-request.ts'
import { readConfigContent } from '../../../../src/config/file/read-config-content.ts'
import type { ConfigText } from '../../../../src/config/include/config-text.ts'
import { composedDocument } from '../../../../src/config/include/composed-document.ts'
import type { Config } from '../../../../src/config/model.ts'
import { ConfigError } from '../../../../src/config/problems/config-error.ts'
import type { ConfigProblem } from '../../../../src/protocol/config/config-problem.ts'

/** A directory with a config file, `main.json5`, and others that it includes. */
export class IncludedFiles {
  readonly directory = mkdtempSync(join(tmpdir(), 'whatsappd-include-'))
  readonly path = join(this.directory, 'main.json5')

  /** Gone when the test has finished. */
  constructor(files: Readonly<Record<string, string>>) {
    onTestFinished(() => this.remove())
    for (const [name, text] of Object.entries(files)) this.write(name, text)
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.directory, name)), { recursive: true })
    writeFileSync(join(this.directory, name), text)
  }

  read(name: string): string {
    return readFileSync(join(this.directory, name), 'utf8')
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }

  get content(): ConfigText {
    const content = readConfigContent(this.path, {})
    if (content.kind !== 'text') throw new Error('no text')
    const { kind: _kind, ...files } = content
    return files
  }

  get value(): unknown {
    return composedDocument(this.content).value
  }

  get config(): Config {
    return this.#evaluate({ kind: 'resolve' }).config
  }

  /** The files that an edit of this content would lead to. */
  edited(edit: EditRequest): ConfigText {
    return this.#evaluate({ kind: 'plan', edit, revision: undefined }).content
  }

  get problems(): readonly ConfigProblem[] {
    try {
      void this.config
      return []
    } catch (error) {
      if (error instanceof ConfigError) return error.problems
      throw error
    }
  }

  #evaluate(what: { kind: 'resolve' } | { kind: 'plan'; edit: EditRequest; revision: undefined }): {
    config: Config
    content: ConfigText
  } {
    const evaluation = new Evaluation(CONNECTORS)
    const context = { directory: this.directory, env: {} }
    const { content } = this
    const empty = evaluation.run({ kind: 'resolve', content: { text: '{}' }, current: NOTHING, context })
    const current =
      evaluation.run({ kind: 'resolve', content, current: empty?.config ?? NOTHING, context })?.config ??
      NOTHING
    if (what.kind === 'resolve') return { config: current, content }
    const done = evaluation.run({ ...what, content, current, context })
    return done ?? { config: current, content }
  }
}

/** Only compared with. */
const NOTHING: Config = {
  revision: '',
  accounts: {},
  section: 'channels.whatsapp',
  defaultAccount: 'default',
  configWrites: true,
  maxAccounts: 10,
  // No account and no setting of it is read.
  daemon: {} as Config['daemon'],
  notices: [],
}
