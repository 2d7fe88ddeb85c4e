// Reading an element as it is: a form answers for `form.id` with its field of that name.
import { fail } from './errors'

const attributesGetter = Object.getOwnPropertyDescriptor(Element.prototype, 'attributes')!.get!

export const attributesOf = (el: Element): NamedNodeMap => attributesGetter.call(el) as NamedNodeMap

export const idOf = (el: Element): string => el.getAttribute('id') ?? ''

/** A URL that one can go to: a page of scripts is no such place. */
export function webUrl(url: string): URL {
  const target = new URL(url, document.baseURI)
  return /^https?:$/.test(target.protocol) ? target : fail('InvalidEffect', target.protocol)
}
