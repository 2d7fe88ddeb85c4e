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
    const counted = (step: number, event: Event): void => {
      const { type, el: owner } = (event as CustomEvent<{ type?: string; el: Element }>).detail
      if (owner !== el || (step > 0 && type !== 'started')) return
      count = Math.max(0, count + step)
      setPath(path, count > 0)
    }
    const begun = (event: Event): void => counted(1, event)
    const over = (event: Event): void => counted(-1, event)
    setPath(path, false)
    document.addEventListener('datastar-fetch', begun)
    document.addEventListener('helio-settled', over)
    return () => {
      document.removeEventListener('datastar-fetch', begun)
      document.removeEventListener('helio-settled', over)
      setPath(path, false)
    }
  },
}
