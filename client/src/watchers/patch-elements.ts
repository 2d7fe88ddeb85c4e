// datastar-patch-elements: new HTML for parts of the page.
// data: elements | selector | mode | namespace | useViewTransition | viewTransitionSelector
import { idOf } from '../engine/dom'
import { transition } from '../engine/timing'
import { fail, problem, report } from '../engine/errors'
import type { Message, WatcherPlugin } from '../engine/plugins'
import { discard, rescue } from '../mounts/places'
import { change, isTogether } from '../morph/turn'
import { announceMissing, namesIn, select } from '../morph/leaving'
import { morphDocument, morphInner, morphOuter, parse, runnable } from '../morph/morph'

const REGION = /^\[data-region="([^"]*)"\]$/
const MODES = /^(outer|inner|replace|prepend|append|before|after|remove)$/
const DOCUMENT =
  /^(?:\s|<!--[^]*?-->)*(?:<!doctype[^>]*>)?(?:\s|<!--[^]*?-->)*<(html|head|body)[\s>]/i

/** Parses HTML, or SVG or MathML content. */
function parseIn(text: string, namespace: string): DocumentFragment {
  if (namespace === 'html') return parse(text)
  const tag = namespace === 'svg' ? 'svg' : 'math'
  const content = new DocumentFragment()
  content.append(...parse(`<${tag}>${text}</${tag}>`).firstElementChild!.childNodes)
  return content
}

function patchOne(target: Element, mode: string, content: DocumentFragment): void {
  if (target.parentElement?.closest('[data-ignore-morph]')) return
  if (mode === 'outer') morphOuter(target, content)
  else if (mode === 'inner') morphInner(target, content)
  else {
    for (const el of content.children) {
      const ready = runnable(el)
      if (ready !== el) el.replaceWith(ready)
    }
    if (mode === 'replace') {
      rescue(target)
      target.replaceWith(content)
    }
    else (target as never as Record<string, (content: Node) => void>)[mode]!(content)
  }
}

function patchAll(targets: Element[], mode: string, content: DocumentFragment): void {
  targets.forEach((target, at) => {
    const last = at === targets.length - 1
    patchOne(target, mode, last ? content : (content.cloneNode(true) as DocumentFragment))
  })
}

function patchDocument(text: string, which: string): void {
  const next = new DOMParser().parseFromString(text, 'text/html')
  if (which === 'html') morphDocument(next)
  else {
    const content = new DocumentFragment()
    content.append(which === 'head' ? next.head : next.body)
    morphOuter(which === 'head' ? document.head : document.body, content)
  }
}

const byId = (id: string): Element | undefined => (id ? select(`#${CSS.escape(id)}`)[0] : undefined)

/** Without a selector every element goes where its id is. */
function patchById(content: DocumentFragment, mode: string): void {
  for (const el of [...content.children]) {
    const id = idOf(el)
    const target = byId(id)
    if (!target) {
      report(
        {},
        problem(
          'PatchElementsNoTargetsFound',
          id ? `#${id}` : `<${el.localName}> without an id and without a selector`,
        ),
      )
      continue
    }
    const one = new DocumentFragment()
    if (mode === 'inner') one.append(...el.childNodes)
    else one.append(el)
    patchOne(target, mode, one)
  }
}

function patch(text: string, selector: string, mode: string, namespace: string): void {
  const whole = DOCUMENT.exec(text)?.[1]?.toLowerCase()
  if (mode === 'remove' && selector) {
    select(selector).forEach(discard)
  } else if (mode === 'remove') {
    for (const el of parseIn(text, namespace).children) {
      const target = byId(idOf(el))
      if (target) discard(target)
    }
  } else if (whole && !selector && mode === 'outer') {
    patchDocument(text, whole)
  } else if (selector) {
    const targets = select(selector)
    // A region that has left the page since its frame was written needs no frame.
    if (!targets.length && !REGION.test(selector)) fail('PatchElementsNoTargetsFound', selector)
    patchAll(targets, mode, parseIn(text, namespace))
  } else if (mode === 'outer' || mode === 'inner' || mode === 'replace') {
    patchById(parseIn(text, namespace), mode)
  } else fail('PatchElementsExpectedSelector', mode)
}

export const patchElements: WatcherPlugin = {
  name: 'datastar-patch-elements',
  // What a region does not have any more may come with another event of the batch.
  prepare({ elements = '', selector = '' }) {
    if (!REGION.test(selector)) return
    const names = namesIn(elements)
    for (const root of select(selector)) announceMissing(root, names)
  },
  frame({ elements: html = '', selector = '' }) {
    const [, key] = REGION.exec(selector) ?? []
    return key === undefined
      ? undefined
      : { key, html, touched: () => select(selector) }
  },
  apply(_, args: Message) {
    const { elements = '', selector = '', mode = 'outer', namespace = 'html' } = args
    if (!MODES.test(mode)) fail('PatchElementsInvalidMode', mode)
    if (!/^(html|svg|mathml)$/.test(namespace)) fail('PatchElementsInvalidNamespace', namespace)
    const update = (): void => change(() => patch(elements, selector, mode, namespace))
    // A transition changes the page later: a batch cannot wait for it.
    if (args.useViewTransition === 'true' && !isTogether())
      return transition(update, args.viewTransitionSelector)
    update()
  },
}
