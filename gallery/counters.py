"""Counters: one belongs to everybody, one to your session.

Selectors: `#global-count`, `#session-count` (buttons; the number is in `.number`).
"""

from database import db
from helio import Markup, Routes, SessionState, on, region
from helio import html as h

routes = Routes()


class Presses(SessionState):
    """What this visitor has pressed."""

    count: int = 0


@routes.page("/counters", title="Counters · Helio")
def counters(mine: Presses) -> Markup:
    return h.main(".presses")[
        h.header(".page-head")[
            h.h1["Counters"],
            h.p(".lead")[
                "Both buttons send the same kind of request. What comes back, and to whom, differs."
            ],
        ],
        h.div(".counters")[
            h.section(".card.counter", aria_labelledby="global-title")[
                h.h2("#global-title")["Everybody’s"],
                global_counter(),
                h.p["Press it here and look at a second window: both show the new number."],
            ],
            h.section(".card.counter", aria_labelledby="session-title")[
                h.h2("#session-title")["Yours"],
                h.form(on.submit(press_mine))[session_button(mine.count)],
                h.p["Known by your session’s cookie. Nobody else sees it, or is told."],
            ],
        ],
        _explanation(),
    ]


@region
async def global_counter() -> Markup:
    count = await db.fetch_value("select value from counter where name = 'global'")
    return h.form(on.submit(press_global))[_button("global-count", count)]


@routes.patch("/counters/global")
async def press_global() -> None:
    await db.execute("update counter set value = value + 1 where name = 'global'")


@routes.patch("/counters/session")
async def press_mine(mine: Presses) -> Markup:
    mine.count += 1
    return session_button(mine.count)


def session_button(count: int) -> Markup:
    return _button("session-count", count)


def _button(name: str, count: int) -> Markup:
    return h.button(".count", id=name)[
        h.span(".number")[count],
        h.span(".hint")["Add one"],
    ]


def _explanation() -> Markup:
    return h.section(".notes", aria_labelledby="travels")[
        h.h2("#travels")["What travels where"],
        h.p["Open the browser’s developer tools, choose Network, and press each button once."],
        h.div(".columns")[
            h.div[
                h.h3["Everybody’s button"],
                h.ol(".steps")[
                    h.li[h.code["PATCH /counters/global"], " adds one in the database."],
                    h.li["The answer is ", h.code["204 No Content"], ". It carries nothing."],
                    h.li[
                        "The page read that table, so the write wakes it: the button is rendered "
                        "once, for everybody."
                    ],
                    h.li[
                        "Every open window gets the new HTML by the stream it holds open, "
                        "including the one in which the button was pressed."
                    ],
                ],
            ],
            h.div[
                h.h3["Your button"],
                h.ol(".steps")[
                    h.li[h.code["PATCH /counters/session"], " adds one in your session."],
                    h.li[
                        "The answer is ",
                        h.code["200 OK"],
                        ", and its body is the button’s new HTML. The browser puts it in the place "
                        "of the element with the same ",
                        h.code["id"],
                        ".",
                    ],
                    h.li[
                        "No other visitor’s page is rendered. Your own other windows follow by "
                        "their streams, because they show the same session."
                    ],
                ],
            ],
        ],
        h.p(".quiet")[
            "Without JavaScript the same forms are posted, and the answer is the page again."
        ],
    ]
