// data-presence="NAME TOKEN": this tab is present there for as long as the page has the element.
// data-presence-while="NAME.FIELD MILLISECONDS": FIELD is so wherever the tab is present by NAME
// while the element is written in, and so long after.
import type { AttributePlugin } from '../engine/plugins'
import { enter, say } from '../presence/presence'

export const presence: AttributePlugin = {
  name: 'presence',
  requirement: { key: 'denied', value: 'must' },
  literal: true,
  apply({ el, value }) {
    const [name = '', token = ''] = value.split(' ')
    return enter(el, name, token)
  },
}

export const presenceWhile: AttributePlugin = {
  name: 'presence-while',
  requirement: { key: 'denied', value: 'must' },
  literal: true,
  apply({ el, value }) {
    const [, name = '', field = '', wait] = /^(.*)\.(\w+) (\d+)$/.exec(value) ?? []
    let timer: ReturnType<typeof setTimeout> | undefined
    const end = (): void => {
      clearTimeout(timer)
      say(name, field, false)
    }
    const written = (): void => {
      clearTimeout(timer)
      timer = setTimeout(end, Number(wait))
      say(name, field, true)
    }
    el.addEventListener('input', written)
    return () => {
      el.removeEventListener('input', written)
      end()
    }
  },
}
