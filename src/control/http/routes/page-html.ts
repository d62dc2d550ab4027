/**
 * The page at `/`. Static and without a secret: the token comes from the link's fragment, which no server sees. Its
 * addresses are relative: a proxy may put it under a path. */
export function pageHtml(options: { demo: boolean }): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>WhatsApp · whatsappd</title>
    <link rel="icon" href="data:,">
    <script type="module" src="card.js"></script>
    <script type="module" src="page.js"></script>
  </head>
  <body${options.demo ? ' data-demo' : ''}>
    <main>
      <whatsapp-card></whatsapp-card>${options.demo ? '\n      <simulated-phone></simulated-phone>' : ''}
      <noscript>This page needs JavaScript to show the live state.</noscript>
    </main>
  </body>
</html>
`
}
