import { type Shown, describeConnector } from './connector-contract.ts'

const NEVER: Shown = { never: 'nobody is on the other side: the words come back at once' }

describeConnector('echo', {
  behaviours: {
    answers: 'shown',
    talks: NEVER,
    hangs: NEVER,
    refuses: NEVER,
    breaks: NEVER,
    floods: NEVER,
    babbles: NEVER,
    'never ends': NEVER,
    'says nothing': NEVER,
    'comes back': NEVER,
    'starts slowly': NEVER,
  },
  start: async () => {},
  stop: async () => {},
  settings: () => ({}),
  released: async () => {},
  env: {},
  secret: null,
})
