import { numberFields, patchNumber } from '../management/number-fields.ts'
import { deregister, register, requestCode, verifyCode } from '../management/registration.ts'
import { syncBusinessApp } from '../management/business-app-sync.ts'
import { deleteMedia, describeMedia, uploadMedia } from '../media/media-calls.ts'
import { markRead } from '../messages/mark-read.ts'
import { sendMessage } from '../messages/send-message.ts'
import type { MediaRoute, NumberRoute } from './graph-route.ts'

const MESSAGING = 'whatsapp_business_messaging'
const MANAGEMENT = 'whatsapp_business_management'

export const NUMBER_ROUTES: readonly NumberRoute[] = [
  {
    method: 'POST',
    edge: 'messages',
    operation: ({ body }) => (body['status'] === 'read' ? 'mark-read' : 'send'),
    scope: MESSAGING,
    handle: (env, { number }, { body }) =>
      body['status'] === undefined ? sendMessage(env, number, body) : markRead(env, number, body),
  },
  {
    method: 'POST',
    edge: 'media',
    operation: 'upload',
    scope: MESSAGING,
    handle: (env, { number }, request) => uploadMedia(env, number, request),
  },
  {
    method: 'GET',
    edge: '',
    operation: 'number',
    scope: MANAGEMENT,
    handle: (env, { number }, { query }) => numberFields(env, number, query.get('fields')),
  },
  {
    method: 'POST',
    edge: '',
    operation: 'number',
    scope: MANAGEMENT,
    handle: (env, { number }, { body }) => patchNumber(env, number, body),
  },
  {
    method: 'POST',
    edge: 'register',
    operation: 'register',
    scope: MANAGEMENT,
    handle: (env, { number }, { body }) => register(env, number, body),
  },
  {
    method: 'POST',
    edge: 'deregister',
    operation: 'deregister',
    scope: MANAGEMENT,
    handle: (env, { number }) => deregister(env, number),
  },
  {
    method: 'POST',
    edge: 'request_code',
    operation: 'verify',
    scope: MANAGEMENT,
    handle: (_, { number }, { body }) => requestCode(number, body),
  },
  {
    method: 'POST',
    edge: 'verify_code',
    operation: 'verify',
    scope: MANAGEMENT,
    handle: (_, { number }, { body }) => verifyCode(number, body),
  },
  {
    method: 'POST',
    edge: 'smb_app_data',
    operation: 'sync',
    scope: MANAGEMENT,
    handle: (env, { number }, { body }) => syncBusinessApp(env, number, body),
  },
]

export const MEDIA_ROUTES: readonly MediaRoute[] = [
  {
    method: 'GET',
    edge: '',
    operation: 'describe-media',
    scope: MESSAGING,
    handle: (env, { media }) => describeMedia(env, media),
  },
  {
    method: 'DELETE',
    edge: '',
    operation: 'delete-media',
    scope: MESSAGING,
    handle: (env, { media }) => deleteMedia(env, media),
  },
]
