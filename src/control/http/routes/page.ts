import { BrowserAssets } from './browser-assets.ts'
import { boundPublicRequests, refuse } from './guards.ts'
import { pageHtml } from './page-html.ts'
import type { HttpRoutesDeps, Routes } from './route.ts'

const SCRIPT_ROUTE = '/:script{(card|conversations|page|shared-[A-Z0-9]{8})\\.js}'

/** `GET /`, and the scripts of the page and of its elements. */
export function addPage(app: Routes, deps: HttpRoutesDeps): void {
  const { browserAssetsDirectory, demo } = deps
  const assets = new BrowserAssets(browserAssetsDirectory)
  const bounded = boundPublicRequests(deps)
  app.use('/', bounded)
  app.get('/', (context) => context.html(pageHtml({ demo })))
  app.use(SCRIPT_ROUTE, bounded)
  app.get(SCRIPT_ROUTE, async (context) => {
    const name = context.req.param('script')
    const asset = await assets.read(name)
    if (asset === null)
      return refuse(context, 404, 'method_not_found', `${name} was not built: run "npm run build".`)
    const headers = {
      'Content-Type': 'text/javascript; charset=utf-8',
      // What the scripts share is named for its content, so it never changes under its name.
      'Cache-Control': name.startsWith('shared-') ? 'public, max-age=31536000, immutable' : 'no-cache',
      ETag: asset.etag,
    }
    // A hosted dashboard loads the card as a module from here; it is public and the same for everybody.
    if (name !== 'page.js') context.header('Access-Control-Allow-Origin', '*')
    if (context.req.header('if-none-match') === asset.etag) return context.body(null, 304, headers)
    return context.body(asset.body, 200, headers)
  })
}
