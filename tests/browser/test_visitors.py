"""What belongs to one visitor stays his: his order of things, and his secrets."""

import re

import pytest

CAT = "insert into cat (name, weight) values (?, ?)"


@pytest.fixture
def cats(serve):
    """Three cats, whose orders by name and by weight differ."""
    served = serve("cats.py")
    served.get("/")
    for name, weight in (("Anton", "5"), ("Berta", "3"), ("Carlo", "4")):
        served.elsewhere(CAT, name, weight)
    return served


def test_each_visitor_sorts_his_own_way_and_disturbs_nobody(cats, window):
    anna, ben = window(cats.url), window(cats.url)
    ben.page.evaluate("""() => {
        window.patches = []
        document.addEventListener('datastar-fetch', ({detail}) =>
            detail.type.startsWith('datastar-patch') && patches.push(detail.argsRaw))
        new MutationObserver(list => patches.push(...list)).observe(
            document.body, {subtree: true, childList: true, attributes: true, characterData: true})
    }""")
    anna.page.click("#by-weight")
    anna.shows("#cats li", "Berta", "Carlo", "Anton")
    anna.shows("#sort", "weight")
    ben.shows("#cats li", "Anton", "Berta", "Carlo")
    assert ben.value("patches.length") == 0

    cats.elsewhere(CAT, "Aaron", "9")
    anna.shows("#cats li", "Berta", "Carlo", "Anton", "Aaron")
    ben.shows("#cats li", "Aaron", "Anton", "Berta", "Carlo")
    assert ben.value("patches.length") > 0


def test_an_order_once_chosen_is_kept(cats, window):
    anna = window(cats.url)
    anna.page.click("#by-weight")
    anna.shows("#sort", "weight")
    cats.terminate()
    cats.restart()
    anna.page.reload()
    anna.connected()
    anna.shows("#cats li", "Berta", "Carlo", "Anton")
    anna.forgive_network()


def test_two_tabs_of_one_visitor_follow_each_other(cats, window):
    anna = window(cats.url)
    other = anna.beside(cats.url)
    other.page.click("#by-weight")
    for tab in (other, anna):
        tab.shows("#sort", "weight")
        tab.shows("#cats li", "Berta", "Carlo", "Anton")


def test_nobody_ever_gets_the_secret_of_another(cats, window, listen):
    anna, ben = window(f"{cats.url}/mine"), window(f"{cats.url}/mine")
    eve = listen(f"{cats.url}/mine")
    listening = [listen(f"{cats.url}/mine", cookie=each.cookie) for each in (anna, ben)]
    for turn in range(3):
        for each, secret in ((anna, f"annas-{turn}"), (ben, f"bens-{turn}")):
            each.page.fill("input", secret)
            each.page.press("input", "Enter")
        cats.elsewhere(CAT, f"Cat-{turn}", "1")
        anna.shows("#secret", f"annas-{turn}")
        ben.shows("#secret", f"bens-{turn}")
    to_anna, to_ben = listening
    to_anna.shows("annas-2")
    to_ben.shows("bens-2")
    for stream in (to_anna, to_ben, eve):
        stream.shows("Cat-2")
    assert "bens-" not in to_anna.text
    assert "annas-" not in to_ben.text
    assert not re.search("annas-|bens-", eve.text)
    assert "annas-" not in ben.page.content()
    for secret in ("annas-2", "bens-2"):
        assert secret not in cats.get("/mine").text
    assert "annas-2" in cats.get("/mine", cookie=anna.cookie).text


def test_a_region_that_reaches_for_the_session_gets_the_error(serve):
    cats = serve("cats.py")
    shown = cats.get("/peep")
    assert shown.status_code == 200
    assert "Before" in shown.text
    assert "After" in shown.text
    assert "This part cannot be shown at the moment." in shown.text
    assert "RenderError" not in shown.text
    assert "out of reach" not in shown.text
    cats.logs("The session is out of reach inside region cats.peeping()")


def test_development_shows_that_error_on_the_page(serve, window):
    cats = serve("cats.py", "dev")
    anna = window()
    anna.page.goto(f"{cats.url}/peep")
    failed = anna.page.get_by_role("alert").inner_text()
    assert "The session is out of reach inside region cats.peeping()" in failed
    assert "Read it in the page and pass on a plain value as an argument." in failed
    anna.shows("h2", "After")
