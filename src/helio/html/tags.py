"""The names of HTML, SVG and MathML elements, and which of them are parsed in a way of their own.

Sources: the HTML living standard (§13.1.2 for void and raw text elements), SVG 2, MathML Core.
"""


def words(text: str) -> frozenset[str]:
    """A set of names from a text of them."""
    return frozenset(text.split())


VOID = words(
    """
    area base br col embed hr img input link meta param source track wbr
    """
)
"""No content and no end tag."""

CODE = frozenset(("script", "style"))
"""Raw text: the parser reads no character references in them, only the end tag ends them."""

TEXT_ONLY = frozenset(("textarea", "title"))
"""Character references are read, tags are not: what stands inside is shown as text."""

EATS_NEWLINE = frozenset(("pre", "textarea", "listing"))
"""The parser drops a line feed that follows the start tag."""

HTML = words(
    """
    a abbr address area article aside audio b base bdi bdo blockquote body br button canvas
    caption cite code col colgroup data datalist dd del details dfn dialog div dl dt em embed
    fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html i
    iframe img input ins kbd label legend li link main map mark menu meta meter nav noscript
    object ol optgroup option output p param picture pre progress q rp rt ruby s samp script
    search section select selectedcontent slot small source span strong style sub summary sup
    table tbody td template textarea tfoot th thead time title tr track u ul var video wbr
    """
)

SVG = words(
    """
    a animate animateMotion animateTransform circle clipPath defs desc ellipse feBlend
    feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
    feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
    feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence filter foreignObject g image line
    linearGradient marker mask metadata mpath path pattern polygon polyline radialGradient
    rect script set stop style svg switch symbol text textPath title tspan use view
    """
)

MATHML = words(
    """
    math merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms
    mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics
    annotation
    """
)

KNOWN = HTML | SVG | MATHML
