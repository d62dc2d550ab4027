import { Hono } from 'hono'
import { FaceError } from './face-request.ts'
import { refuseOthers } from './refuse-others.ts'
import { streamState, type StateSource } from './stream-state.ts'

/**
 * What every simulator has over HTTP: its state, live, for the machine's own user alone. JSON in and out; errors are `{error: {message}}`. Other
 * hosts and other origins are refused.
 */
export function newFace(source: StateSource): Hono {
  const face = new Hono()
  face.use(refuseOthers)
  face.onError((error, context) => {
    const status = error instanceof FaceError ? error.status : 400
    return context.json({ error: { message: error.message } }, status)
  })
  face.notFound((context) => context.json({ error: { message: 'there is nothing here' } }, 404))
  face.get('/state', (context) => context.json(source.state()))
  face.get('/events', (context) => streamState(context, source))
  return face
}
