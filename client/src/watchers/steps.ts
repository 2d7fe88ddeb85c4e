// helio-steps: the smallest change of a region, from the version the page shows to the next one.
// data: region KEY BASE VERSION | step MODE TARGET (in order) | html N MARKUP (of step N)
import { reconnect } from '../actions/fetch'
import { idOf } from '../engine/dom'
import { settle } from '../engine/scan'
import type { Message, WatcherPlugin } from '../engine/plugins'
import { keepFocus, move } from '../morph/keep'
import { morphOuter, runnable } from '../morph/morph'

interface Step {
  mode: string
  target: string
  html: string
}

/** Each step with its markup, whose lines carry the number of the step. */
function read(step: string, html: string): Step[] {
  const steps = step.split('\n').map((line) => {
    const [mode = '', target = ''] = line.split(' ')
    return { mode, target: decodeURIComponent(target), html: '' }
  })
  for (const line of html ? html.split('\n') : []) {
    const at = line.indexOf(' ')
    const own = steps[+line.slice(0, at)]
    if (own) own.html += (own.html && '\n') + line.slice(at + 1)
  }
  return steps
}

function parse(html: string): DocumentFragment {
  const template = document.createElement('template')
  template.innerHTML = html
  return template.content
}

/** The name by which steps address an element. */
const nameOf = (el: Element): string => el.getAttribute('data-part') ?? `#${idOf(el)}`

/** The target of a step: in this region, not in one inside it. */
function find(root: Element, target: string): Element | undefined {
  if (!target) return root
  const name = CSS.escape(target.replace(/^[#@]/, ''))
  const kind = target[0] === '#' ? 'id' : target[0] === '@' ? 'data-region' : 'data-part'
  for (const el of root.querySelectorAll(`[${kind}=${name}]`))
    if (el.parentElement!.closest('[data-region]') === root) return el
  return undefined
}

/**
 * Applies the steps to one copy of a region; false if a target is not there.
 *
 * What a step removes stays until the end: a later step that brings an element of the same name
 * moves it instead, with all that the user has in it.
 */
function run(root: Element, steps: readonly Step[]): boolean {
  const leaving = new Map<string, Element>()
  for (const { mode, target, html } of steps) {
    const at = find(root, target)
    if (!at) return false
    if (at !== root && at.parentElement!.closest('[data-ignore-morph]')) continue
    if (mode === 'remove') leaving.set(target, at)
    else if (mode === 'outer') morphOuter(at, parse(html))
    else insert(at, mode, parse(html), leaving)
  }
  for (const el of leaving.values()) el.remove()
  return true
}

function insert(
  at: Element,
  mode: string,
  content: DocumentFragment,
  leaving: Map<string, Element>,
): void {
  const inside = mode === 'append' || mode === 'prepend'
  const parent = inside ? at : at.parentNode!
  let before =
    mode === 'before'
      ? at
      : mode === 'after'
        ? at.nextSibling
        : mode === 'append'
          ? null
          : at.firstChild
  for (const next of [...content.childNodes]) {
    const name = next instanceof Element ? nameOf(next) : ''
    const moved = leaving.get(name)
    if (moved && next instanceof Element) {
      leaving.delete(name)
      if (moved === before) before = moved.nextSibling
      move(parent, moved, before)
      const form = new DocumentFragment()
      form.append(next)
      morphOuter(moved, form)
    } else parent.insertBefore(next instanceof Element ? runnable(next) : next, before)
  }
}

export const steps: WatcherPlugin = {
  name: 'helio-steps',
  apply(_, { region = '', step = '', html = '' }: Message) {
    const [key = '', base, version = ''] = region.split(' ')
    const roots = [...document.querySelectorAll(`[data-region="${CSS.escape(key)}"]`)]
    const list = step ? read(step, html) : []
    settle(true)
    const restore = keepFocus()
    try {
      for (const root of roots) {
        // The page shows something else: the server says what is true when it is asked anew.
        if (root.getAttribute('data-v') !== base || !run(root, list)) return reconnect()
        root.setAttribute('data-v', version)
      }
    } finally {
      restore()
      settle(false)
    }
  },
}
