// helio-steps: the smallest change of a region, from the version the page shows to the next one.
// data: region KEY BASE VERSION | step MODE TARGET (in order) | html N MARKUP (of step N)
import type { Message, WatcherPlugin } from '../engine/plugins'
import { endOf, startOf } from '../mounts/places'
import {
  announce,
  announceMissing,
  isGone,
  leave,
  namesIn,
  select,
  wasTaken,
} from '../morph/leaving'
import { morphInsert, morphOuter, parse } from '../morph/morph'
import { change } from '../morph/turn'
import { reopen } from '../net/stream'

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

/** The target of a step: in this region, not in one inside it, nor in what is mounted there. */
function find(root: Element, target: string): Element | undefined {
  if (!target) return root
  const name = CSS.escape(target.replace(/^[#@]/, ''))
  const kind = target[0] === '#' ? 'id' : target[0] === '@' ? 'data-region' : 'data-part'
  for (const el of root.querySelectorAll(`[${kind}=${name}]`))
    if (el.parentElement!.closest('[data-region],helio-mount') === root && !isGone(el)) return el
  return undefined
}

const isIgnored = (el: Element, root: Element): boolean =>
  el !== root && !!el.parentElement!.closest('[data-ignore-morph]')

/** Applies the steps to one copy of a region; false if a target is not there. */
function run(root: Element, steps: readonly Step[]): boolean {
  for (const { mode, target, html } of steps) {
    const at = find(root, target)
    if (!at && mode === 'remove' && wasTaken(target, root)) continue
    if (!at) return false
    if (isIgnored(at, root)) continue
    if (mode === 'remove') leave(at)
    else if (mode === 'outer') morphOuter(at, parse(html))
    else insert(at, mode, parse(html))
  }
  return true
}

function insert(at: Element, mode: string, content: DocumentFragment): void {
  if (mode === 'append') morphInsert(at, content, endOf(at))
  else if (mode === 'prepend') morphInsert(at, content, startOf(at))
  else morphInsert(at.parentNode!, content, mode === 'before' ? at : at.nextSibling)
}

/** The copies of a region on the page, and the versions the steps lead from and to. */
function readRegion(region: string): [roots: Element[], base: string, version: string] {
  const [key = '', base = '', version = ''] = region.split(' ')
  return [select(`[data-region="${CSS.escape(key)}"]`), base, version]
}

export const steps: WatcherPlugin = {
  name: 'helio-steps',
  // Another event of the batch may bring what this one takes away, and may come first.
  prepare({ region = '', step = '', html = '' }) {
    const [roots, base] = readRegion(region)
    const names = namesIn(html)
    for (const root of roots) {
      if (root.getAttribute('data-v') !== base) continue
      for (const { mode, target } of step ? read(step, '') : []) {
        const el = find(root, target)
        if (el && mode === 'remove') announce(el, names.has(target.replace(/^[#@]/, '')))
        if (el && mode === 'outer') announceMissing(el, names)
      }
    }
  },
  frame({ region = '', step = '', html = '' }) {
    const list = step ? read(step, '') : []
    const targets = (root: Element): Element[] =>
      list.flatMap(({ target }) => find(root, target) ?? [])
    const touched = (): Element[] => readRegion(region)[0].flatMap(targets)
    return { key: region.split(' ')[0]!, html, touched }
  },
  apply(_, { region = '', step = '', html = '' }: Message) {
    const [roots, base, version] = readRegion(region)
    const list = step ? read(step, html) : []
    change(() => {
      for (const root of roots) {
        const same = root.getAttribute('data-v') === base
        if (same && run(root, list)) root.setAttribute('data-v', version)
        else {
          // The page shows something else, half of these steps perhaps: the server says what is
          // true when it is asked anew.
          if (same) root.setAttribute('data-v', '-')
          return reopen()
        }
      }
    })
  },
}
