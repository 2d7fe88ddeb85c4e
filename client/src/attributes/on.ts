// data-on:event="statements": runs when the event comes, with `evt`.
// __once __passive __capture __window __document __outside __prevent[.key…] __stop[.key…]
// __key.ctrl-s
// __delay __debounce __throttle __viewtransition __case
import type { AttributePlugin } from '../engine/plugins'
import { timed } from '../engine/timing'
import { batch } from '../signals/reactive'

/** Events that only one object ever gets. */
const ON_DOCUMENT =
  /^(visibilitychange|selectionchange|fullscreenchange|datastar-(fetch|signal-patch|ready))$/
const ON_WINDOW =
  /^(popstate|hashchange|online|offline|storage|message|beforeunload|pagehide|pageshow|resize)$/

const KEYS: Record<string, string> = {
  esc: 'escape',
  space: ' ',
  up: 'arrowup',
  down: 'arrowdown',
  left: 'arrowleft',
  right: 'arrowright',
  plus: '+',
}

/** Whether a key event is `enter`, `ctrl-s`, `shift-arrowup` … */
function isKey(event: Event, spec: string): boolean {
  if (!(event instanceof KeyboardEvent)) return true
  // Enter that ends a composition is no Enter.
  if (event.isComposing) return false
  const names = spec.toLowerCase().split('-')
  const key = names.pop()!
  const held = (name: string, down: boolean): boolean => names.includes(name) === down
  const shift = names.includes('shift') ? event.shiftKey : true
  return (
    event.key.toLowerCase() === (KEYS[key] ?? key) &&
    held('ctrl', event.ctrlKey) &&
    held('alt', event.altKey) &&
    held('meta', event.metaKey) &&
    shift
  )
}

function targetOf(el: HTMLElement, event: string, has: (mod: string) => boolean): EventTarget {
  if (has('window')) return window
  if (has('document') || has('outside')) return document
  if (
    ON_DOCUMENT.test(event) &&
    !(event === 'selectionchange' && /^(input|textarea)$/.test(el.localName))
  )
    return document
  return ON_WINDOW.test(event) ? window : el
}

export const on: AttributePlugin = {
  name: 'on',
  requirement: { key: 'must' },
  argNames: ['evt'],
  apply({ el, key, value, mods, rx, error }) {
    const has = (mod: string): boolean => mods.has(mod)
    const event = key!
    if (!value && !has('prevent') && !has('stop')) throw error('ValueRequired')
    const target = targetOf(el, event, has)
    const keys = [
      ...(mods.get('prevent') ?? []),
      ...(mods.get('stop') ?? []),
      ...(mods.get('key') ?? []),
    ]
    const [run, cancel] = timed((evt: Event) => batch(() => rx(evt)), mods)
    const options = { passive: has('passive'), capture: has('capture') }
    const listener = (evt: Event): void => {
      if (has('outside') && evt.composedPath().includes(el)) return
      if (keys.length && !keys.some((spec) => isKey(evt, spec))) return
      if (has('prevent') || (event === 'submit' && el instanceof HTMLFormElement))
        evt.preventDefault()
      if (has('stop')) evt.stopPropagation()
      if (has('once')) target.removeEventListener(event, listener, options)
      if (value) run(evt)
    }
    target.addEventListener(event, listener, options)
    return () => {
      target.removeEventListener(event, listener, options)
      cancel()
    }
  },
}
