import { z } from 'zod'
import { GENERAL_SCOPES } from '../../protocol/tokens/scopes.ts'
import { entryList } from '../read/people/entry-list.ts'
import { secretSchema } from './secret-schema.ts'
import { member, setting } from './setting.ts'
import { text } from './value-schemas.ts'

/** Two for a rotation, and as many again for a second issuer's kind of key. */
const MAX_KEYS = 4
const MAX_SUBJECTS = 100
const MAX_REVOKED = 1_000
const MAX_REQUIRED_CLAIMS = 16

const name = text.min(1).max(256)

const publicKeySchema = z.union(
  [
    z.string().min(1),
    z.strictObject({ env: z.string().min(1) }),
    z.strictObject({ file: z.string().min(1) }),
    z.looseObject({ kty: z.string() }),
  ],
  { error: 'Must be a public key (PEM, or a JWK object), { env: "NAME" } or { file: "path" }' },
)

const jwtKeySchema = z
  .strictObject({
    id: member(name, {
      description:
        'Which tokens it is for: those whose header names it (`kid`), and those that name none. Without it every token of its kind.',
      example: '2026-01',
    }),
    secret: member(secretSchema, {
      description: 'A secret shared with the dashboard, at least 32 bytes: its tokens are signed with HS256.',
      example: { env: 'DASHBOARD_JWT_SECRET' },
    }),
    publicKey: member(publicKeySchema, {
      description:
        "The dashboard's public key, PEM or JWK, in place or by reference. Its kind says the algorithm: Ed25519 is EdDSA, P-256 is ES256, RSA of 2048 bits and more is RS256.",
      example: { file: 'dashboard.pem' },
    }),
  })
  .refine((key) => (key.secret === undefined) !== (key.publicKey === undefined), {
    message: 'Must have either a secret or a publicKey',
  })

const claimsSchema = z.strictObject({
  subject: member(name, {
    description: 'The claim that says whose token it is.',
    default: 'sub',
    example: 'userId',
  }),
  scope: member(name, {
    description:
      'The claim that says what the token may do: a text with spaces between the scopes, or a list. Names that are no scope of ours count for nothing.',
    default: 'scope',
    example: 'permissions',
  }),
  defaultScopes: member(z.array(z.enum(GENERAL_SCOPES)).max(GENERAL_SCOPES.length), {
    description: 'What a token may do that has no such claim.',
    default: [],
    example: ['read', 'link', 'config'],
  }),
  required: member(
    z
      .record(name, z.union([z.string(), z.number(), z.boolean()]))
      .refine((claims) => Object.keys(claims).length <= MAX_REQUIRED_CLAIMS, { message: 'Too many claims' }),
    {
      description: 'Claims that a token must have, with exactly these values.',
      default: {},
      example: { tokenType: 'whatsapp' },
    },
  ),
})

/** `whatsappd.auth`: whose tokens open the control plane, besides the local one. */
export const authSetting = setting(
  z.strictObject({
    jwtKeys: member(z.array(jwtKeySchema).max(MAX_KEYS), {
      description: 'The keys that verify tokens (JWT). Two at once while one takes the place of the other.',
      default: [],
      example: [{ secret: { env: 'DASHBOARD_JWT_SECRET' } }],
    }),
    issuer: member(name, {
      description: 'Who issues them: the claim `iss`. Needed with `jwtKeys`.',
      example: 'https://dashboard.example',
    }),
    audience: member(name, {
      description:
        'The name of this sandbox, which no other sandbox has: the claim `aud`, or one of its list. Needed with `jwtKeys`.',
      example: 'sandbox-1',
    }),
    subjects: member(entryList(z.array(text.max(256)).min(1).max(MAX_SUBJECTS), { substitute: '' }), {
      description:
        'Whose sandbox this is: the users whose tokens count. `["*"]` takes every user of the issuer who has a token for this sandbox. Needed with `jwtKeys`.',
      example: ['user-1'],
    }),
    claims: member(claimsSchema, {
      description: 'How the issuer names things.',
      example: { subject: 'userId', defaultScopes: ['read', 'link', 'config'] },
    }),
    metricsToken: member(secretSchema.clone(), {
      description:
        'A secret of at least 32 bytes that opens `/metrics` and nothing else, and does not expire: Prometheus sends it as `Authorization: Bearer` ([operations](operations.md#metrics)).',
      example: { env: 'WHATSAPPD_METRICS_TOKEN' },
    }),
    revoked: member(z.array(name).max(MAX_REVOKED), {
      description:
        'Tokens that count no longer, by their id (`jti`). An entry can go an hour later: the token has expired then.',
      default: [],
      example: ['6f1c2a'],
    }),
  }),
  {
    description:
      'Tokens of a hosted dashboard. Without it only tokens of this sandbox itself work. docs/security.md shows the setup step by step.',
    example: {
      jwtKeys: [{ secret: { env: 'DASHBOARD_JWT_SECRET' } }],
      issuer: 'https://dashboard.example',
      audience: 'sandbox-1',
      subjects: ['user-1'],
    },
  },
)
