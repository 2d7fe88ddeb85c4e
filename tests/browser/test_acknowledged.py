"""A loading indicator ends when the page shows what the command has changed."""

LOG = """
window.log = []
const note = (what) => log.push([what, document.querySelectorAll('#rows li').length,
  document.querySelector('#add').hasAttribute('data-pending'),
  getComputedStyle(document.querySelector('#busy')).display !== 'none'])
for (const name of ['datastar-fetch', 'helio-settled'])
  document.addEventListener(name, ({ detail }) => {
    if (detail.el.id === 'add') queueMicrotask(() => note(detail.type ?? 'settled'))
  })
"""


def test_the_indicator_outlasts_the_answer_until_the_page_shows_the_truth(serve, window):
    served = serve("slow.py")
    anna = window(served.url)
    anna.page.evaluate(LOG)
    anna.page.click("#add")
    anna.page.wait_for_function("log.some(([what]) => what === 'settled')")
    assert anna.value("log") == [
        ["started", 0, True, True],
        ["finished", 0, True, True],
        ["settled", 1, False, False],
    ]


def test_without_a_stream_it_ends_with_the_answer(serve, window):
    """The page's stream is lost: nobody would say the number."""
    served = serve("slow.py")
    anna = window(served.url)
    anna.page.evaluate(LOG)
    anna.page.evaluate("document.querySelector('#helio-page').remove()")
    anna.page.wait_for_timeout(300)
    anna.page.click("#add")
    anna.page.wait_for_function("log.some(([what]) => what === 'settled')")
    assert [what for what, *_ in anna.value("log")] == ["started", "finished", "settled"]
