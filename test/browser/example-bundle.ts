import { build } from 'esbuild'
import type { Plugin } from 'esbuild'
import { readFile } from 'node:fs/promises'
import { compileScript, parse } from 'vue/compiler-sfc'

/** Vue's single-file components, as its own build tools compile them. */
const vueComponents: Plugin = {
  name: 'vue-components',
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { descriptor } = parse(await readFile(path, 'utf8'), { filename: path })
      const compilerOptions = { isCustomElement: (tag: string) => tag.startsWith('whatsapp-') }
      const { content } = compileScript(descriptor, {
        id: path,
        inlineTemplate: true,
        templateOptions: { compilerOptions },
      })
      return { contents: content, loader: 'ts' }
    })
  },
}

/** An example as a dashboard's bundler would build it for production. */
export async function exampleBundle(entryPoint: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [vueComponents],
  })
  return outputFiles[0]?.text ?? ''
}
