// Builds the examples of frameworks that are installed here and nowhere else: `node build.mjs <example> <directory>`.
// It loads nothing from the network.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const HERE = import.meta.dirname
const ROOT = join(HERE, '../../..')
const EXAMPLES = join(ROOT, 'docs/examples')
const MODULES = join(HERE, 'node_modules')
const CARD = join(ROOT, 'dist/browser/card.js')

/** A bundle as a dashboard would have it, into `outfile`. */
function bundle(entryPoint, outfile, plugins, options = {}) {
  return build({
    entryPoints: [entryPoint],
    outfile,
    plugins,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    nodePaths: [MODULES],
    alias: { 'whatsappd/card': CARD },
    conditions: ['production'],
    logLevel: 'error',
    ...options,
  })
}

async function buildSvelte(directory) {
  const { compile, compileModule } = await import('svelte/compiler')
  const svelte = (generate) => ({
    name: 'svelte',
    setup({ onLoad }) {
      onLoad({ filter: /\.svelte$/ }, ({ path }) => {
        const { js } = compile(readFileSync(path, 'utf8'), { filename: path, generate })
        return { contents: js.code, loader: 'js' }
      })
      onLoad({ filter: /\.svelte\.js$/ }, ({ path }) => ({
        contents: compileModule(readFileSync(path, 'utf8'), { filename: path, generate }).js.code,
        loader: 'js',
      }))
    },
  })
  const entry = join(EXAMPLES, 'svelte/main.ts')
  await bundle(entry, join(directory, 'main.js'), [svelte('client')], {
    conditions: ['browser', 'production'],
  })
  const server = join(directory, 'server.mjs')
  const code = `export { default } from ${JSON.stringify(join(EXAMPLES, 'svelte/Integrations.svelte'))}; export { render } from 'svelte/server'`
  await bundle(undefined, server, [svelte('server')], {
    entryPoints: undefined,
    stdin: { contents: code, resolveDir: EXAMPLES },
    platform: 'node',
  })
}

async function buildAngular(directory) {
  const { createEs2015LinkerPlugin } = await import('@angular/compiler-cli/linker/babel')
  const { ConsoleLogger, LogLevel, NodeJSFileSystem } = await import('@angular/compiler-cli')
  const babel = (await import('@babel/core')).default
  const compiled = join(directory, 'compiled')
  const config = join(directory, 'tsconfig.json')
  const compilerOptions = {
    target: 'es2022',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2023', 'dom'],
    types: [],
    strict: true,
    skipLibCheck: true,
    noEmitOnError: true,
    rewriteRelativeImportExtensions: true,
    rootDir: EXAMPLES,
    outDir: compiled,
    paths: { 'whatsappd/card': [join(ROOT, 'dist/types/web/card/index.d.ts')], '*': [join(MODULES, '*')] },
  }
  const files = [join(EXAMPLES, 'angular/main.ts')]
  writeFileSync(
    config,
    JSON.stringify({ compilerOptions, files, angularCompilerOptions: { strictTemplates: true } }),
  )
  execFileSync(
    process.execPath,
    [join(MODULES, '@angular/compiler-cli/bundles/src/bin/ngc.js'), '-p', config],
    {
      stdio: 'inherit',
    },
  )
  const linker = createEs2015LinkerPlugin({
    fileSystem: new NodeJSFileSystem(),
    logger: new ConsoleLogger(LogLevel.warn),
    linkerJitMode: false,
  })
  const linked = {
    name: 'angular-linker',
    setup({ onLoad }) {
      onLoad({ filter: /@angular[\\/].*\.mjs$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8')
        if (!text.includes('ɵɵngDeclare')) return { contents: text, loader: 'js' }
        const options = {
          filename: path,
          plugins: [linker],
          compact: false,
          configFile: false,
          babelrc: false,
        }
        return { contents: babel.transformSync(text, options).code, loader: 'js' }
      })
    },
  }
  await bundle(join(compiled, 'angular/main.js'), join(directory, 'main.js'), [linked], {
    define: { ngDevMode: 'false', ngJitMode: 'false' },
  })
}

function buildNext(directory) {
  const app = join(directory, 'next')
  cpSync(join(EXAMPLES, 'next'), app, { recursive: true })
  cpSync(join(EXAMPLES, 'sandbox-api.ts'), join(directory, 'sandbox-api.ts'))
  symlinkSync(MODULES, join(directory, 'node_modules'))
  writeFileSync(
    join(app, 'app/layout.jsx'),
    'export default ({ children }) => <html lang="en"><body>{children}</body></html>',
  )
  writeFileSync(join(app, 'package.json'), '{"private":true,"type":"module"}')
  writeFileSync(
    join(app, 'next.config.mjs'),
    `export default {
      typescript: { ignoreBuildErrors: true },
      eslint: { ignoreDuringBuilds: true },
      outputFileTracingRoot: ${JSON.stringify(directory)},
      experimental: { externalDir: true, cpus: 1 },
      webpack: (config) => {
        config.resolve.alias['whatsappd/card$'] = ${JSON.stringify(CARD)}
        return config
      },
    }`,
  )
  execFileSync(process.execPath, [join(MODULES, 'next/dist/bin/next'), 'build'], {
    cwd: app,
    stdio: 'inherit',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
  })
}

const BUILDS = { svelte: buildSvelte, angular: buildAngular, next: buildNext }
const [, , example, directory] = process.argv
mkdirSync(directory, { recursive: true })
await BUILDS[example](directory)
