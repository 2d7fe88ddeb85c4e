// data-attr:name="expression" or data-attr="{name: expression}": attributes, and the live
// properties behind those that only give a first value.
import type { AttributePlugin } from '../engine/plugins'
import { kebab } from '../engine/grammar'

/** Attributes that only give the first value of what the user changes. */
const LIVE = /^(checked|selected|value|muted|indeterminate|open)$/
/** Attributes in which false is a word. */
const ENUMERATED = /^(aria-.*|draggable|contenteditable|spellcheck)$/

function write(el: HTMLElement, name: string, value: unknown): void {
  const place = el as never as Record<string, unknown>
  if (LIVE.test(name) && name in el) {
    const wanted = typeof place[name] === 'boolean' ? !!value : (value ?? '')
    if (place[name] !== wanted) place[name] = wanted
    if (name === 'indeterminate') return
  }
  const word = ENUMERATED.test(name) && typeof value === 'boolean' ? String(value) : value
  if (word === false || word === null || word === undefined) el.removeAttribute(name)
  else
    el.setAttribute(
      name,
      word === true ? '' : typeof word === 'string' ? word : JSON.stringify(word),
    )
}

export const attr: AttributePlugin = {
  name: 'attr',
  requirement: { value: 'must' },
  returnsValue: true,
  apply({ el, rawKey, rx, effect }) {
    return effect(() => {
      const value = rx()
      if (rawKey !== undefined) write(el, rawKey, value)
      else
        for (const [name, one] of Object.entries(Object(value)))
          write(
            el,
            /[A-Z]/.test(name) && el.namespaceURI?.endsWith('xhtml') ? kebab(name) : name,
            one,
          )
    })
  },
}
