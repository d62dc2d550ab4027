import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Those that take much longer than others, longest first: begun last they would run alone, on one core, at the end. */
const LONGEST = [
  'faults/short-round',
  'integration/bad-disk-full',
  'integration/owner-lease',
  'faults/business/short-round',
  'faults/fuzz-stanzas',
  'contract/connectors/command',
  'contract/connectors/outgoing-items',
  'browser/every-state',
  'browser/embedding',
  'browser/conversations/every-view',
  'browser/states-by-keyboard',
  'integration/shutdown',
  'browser/demo',
  'integration/ack-reaction',
  'browser/host-pages',
  'browser/accessibility',
  'integration/messages',
  'integration/owner-takeover',
  'integration/devices-without-keys',
  'integration/link-stall',
  'integration/link-close-codes',
  'integration/link-silence',
  'integration/demo-api',
  'browser/card-connection',
  'browser/styles-of-the-page',
  'browser/settings-in-force',
  'browser/focus',
  'integration/acp-qwen',
  'integration/media-out-faults',
  'integration/pairing-killed',
  'integration/commands-with-daemon',
  'integration/identity-matrix',
  'integration/link-by-passkey',
  'integration/backup',
  'integration/live-settings/live-settings',
  'integration/fifty-conversations',
]

/**
 * The order in which test files are begun: one project after the other, because files that follow one another in a process share what it has
 * loaded only within their project; last the one whose files are many and short, so that no core waits at the end.
 */
const PROJECTS = ['unit', 'alone', 'contract', 'whole']

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
      return index === -1 ? LONGEST.length : index
    }
    const place = ({ project }: TestSpecification): number => PROJECTS.indexOf(project.name)
    return (await super.sort(files)).toSorted(
      (one, other) => place(one) - place(other) || rank(one) - rank(other),
    )
  }
}
