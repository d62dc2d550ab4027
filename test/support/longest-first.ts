import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Those that take much longer than others, longest first: begun last they would run alone, on one core, at the end. */
const LONGEST = [
  'browser/embedding',
  'faults/short-round',
  'browser/demo',
  'browser/every-state',
  'browser/conversations/every-view',
  'browser/host-pages',
  'browser/states-by-keyboard',
  'browser/accessibility',
  'contract/connectors/outgoing-items',
  'integration/shutdown',
  'faults/fuzz-stanzas',
  'integration/ack-reaction',
  'browser/styles-of-the-page',
  'browser/settings-in-force',
  'integration/bad-disk-full',
  'integration/demo-api',
  'browser/focus',
  'integration/owner-lease',
  'integration/backup',
  'integration/live-settings/live-settings',
  'integration/fifty-conversations',
  'integration/link-stall',
]

/** The order in which test files are begun. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
      return index === -1 ? LONGEST.length : index
    }
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other))
  }
}
