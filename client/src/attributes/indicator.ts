// data-indicator:name or data-indicator="name": true while a request of this element is under
// way, and until the page shows what it has changed. __case.
import type { AttributePlugin } from '../engine/plugins'
import { setPath } from '../signals/store'

export const indicator: AttributePlugin = {
  name: 'indicator',
  requirement: 'exclusive',
  literal: true,
  apply({ el, key, value }) {
    const path = key ?? value
    let count = 0
    const heard = (event: Event): void => {
      const { type, el: owner } = (event as CustomEvent<{ type: string; el: Element }>).detail
      if (owner !== el) return
      if (type === 'started') count++
      else if (type === 'settled') count = Math.max(0, count - 1)
      else return
      setPath(path, count > 0)
    }
    setPath(path, false)
    document.addEventListener('datastar-fetch', heard)
    return () => {
      document.removeEventListener('datastar-fetch', heard)
      setPath(path, false)
    }
  },
}
