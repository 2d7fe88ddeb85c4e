// datastar-execute-script, and answers of type text/javascript: a script that runs and goes.
// data: script | attributes (JSON or `name value` lines) | autoRemove
import type { WatcherPlugin } from '../engine/plugins'

export const executeScript: WatcherPlugin = {
  name: 'datastar-execute-script',
  apply(_, { script = '', scriptAttributes, attributes = scriptAttributes ?? '', autoRemove }) {
    const el = document.createElement('script')
    if (attributes[0] === '{') {
      for (const [name, value] of Object.entries(JSON.parse(attributes) as Record<string, unknown>))
        el.setAttribute(name, String(value))
    } else {
      for (const line of attributes.split('\n')) {
        const [name, ...value] = line.split(' ')
        if (name) el.setAttribute(name, value.join(' '))
      }
    }
    el.textContent = script
    document.head.append(el)
    if (autoRemove !== 'false') el.remove()
  },
}
