"""The layout around every page: skip link, header, footer."""

from catalog import DEMOS, FRAME, demo_at
from helio import Markup, Shell
from helio import html as h

SUN = "/static/sun.svg"


def shell(page: Shell) -> Markup:
    """The whole document."""
    here = demo_at(page.path)
    return h.html(lang="en")[
        h.head[page.head, h.link(rel="icon", href=SUN, type="image/svg+xml")],
        h.body[
            h.a(".skip", href="#content")["Skip to the content"],
            _header(page.path),
            h.div("#content.content", tabindex="-1")[page.body],
            h.footer(".site-footer")[
                h.p["Rendered on the server, kept current by Helio."],
                h.p[h.a(href=f"/source/{here.files[0].removesuffix('.py')}")["View source"]],
            ],
        ],
    ]


def _header(path: str) -> Markup:
    here = demo_at(path)
    home = here is FRAME and path == FRAME.path
    return h.header(".site-header")[
        h.a(".brand", href=FRAME.path, aria_current="page" if home else None)[
            h.img(src=SUN, alt="", width=28, height=28), h.span["Helio"]
        ],
        h.nav(aria_label="Demonstrations")[
            h.ul[
                (
                    h.li[
                        h.a(href=demo.path, aria_current="page" if demo is here else None)[
                            demo.short
                        ]
                    ]
                    for demo in DEMOS
                )
            ]
        ],
    ]
