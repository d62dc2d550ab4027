import { hydrate } from 'svelte'
import { fetchSandbox } from '../sandbox-api.ts'
import Integrations from './Integrations.svelte'

const { url } = await fetchSandbox()
hydrate(Integrations, { target: document.body, props: { url } })
