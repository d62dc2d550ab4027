import { createApp } from 'vue'
import { fetchSandbox } from '../sandbox-api.ts'
import Integrations from './Integrations.vue'

const { url } = await fetchSandbox()
const root = document.createElement('main')
document.body.append(root)
createApp(Integrations, { url }).mount(root)
