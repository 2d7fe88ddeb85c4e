"""What commands answer, and what the visitor sees of it."""

import re

import httpx
import pytest

NUMBERED = re.compile(r"Something went wrong on the server \(error ([0-9a-f]{8})\)\.")


@pytest.fixture
def answers(serve):
    return serve("answers.py")


def toast(window, text: str):
    """The toast with this text, once it is shown."""
    found = window.page.get_by_text(text)
    found.wait_for()
    return found


# Refusals and failures


def test_a_command_that_raises_tells_a_number_and_changes_nothing(answers, window):
    anna = window(answers.url)
    anna.page.fill("#text", "kept")
    anna.page.click("#raises")
    shown = toast(anna, "Something went wrong on the server").inner_text()
    number = NUMBERED.search(shown)
    assert number
    assert "secret reason" not in anna.page.content()
    answers.logs(f"(error {number[1]})")
    answers.logs("ZeroDivisionError: the secret reason")
    assert answers.rows("select * from note") == []
    assert anna.page.input_value("#text") == "kept"
    anna.forgive("status of 500")


@pytest.mark.parametrize(
    ("command", "status", "text"),
    [
        ("missing", 404, "This note is gone."),
        ("forbidden", 403, "Not for you."),
        ("rejected", 409, "Somebody was faster."),
    ],
)
def test_a_refusal_is_told_and_the_page_stays(answers, window, command, status, text):
    anna = window(answers.url)
    anna.page.click(f"#{command}")
    toast(anna, text)
    anna.forgive(f"status of {status}")
    anna.page.click("#nothing")
    anna.shows("#notes li", "by the stream")


def test_a_redirect_to_another_site_is_an_error_unless_it_is_meant(answers, window):
    anna = window(answers.url)
    anna.page.click("#out")
    toast(anna, "Something went wrong on the server")
    assert anna.page.url == f"{answers.url}/"
    answers.logs("redirect(url, external=True)")
    anna.forgive("status of 500")


def test_messages_stand_at_their_fields_until_all_is_well(answers, window):
    anna = window(answers.url)
    anna.page.fill("#text", "x")
    anna.page.fill("#stars", "9")
    anna.page.click("#add")
    anna.shows("[role=alert]", "Expected at least 2 characters", "Expected a number of at most 5")
    assert anna.page.input_value("#text") == "x"

    anna.page.fill("#stars", "5")
    anna.page.click("#add")
    anna.shows("[role=alert]", "Expected at least 2 characters", "")
    assert not anna.page.is_visible("[role=alert] >> nth=1")

    anna.page.fill("#text", "taken")
    anna.page.click("#add")
    anna.shows("[role=alert]", "This is taken already.", "")
    anna.page.fill("#text", "whole")
    anna.page.click("#add")
    anna.shows("[role=alert]", "Not this text.", "And not so many.")

    anna.page.fill("#text", "fine")
    anna.page.click("#add")
    anna.shows("#notes li", "fine")
    anna.shows("[role=alert]", "", "")
    anna.until("document.querySelector('#text').value === ''")
    assert anna.page.input_value("#stars") == "0"
    assert answers.rows("select text from note") == [("fine",)]
    anna.forgive("status of 422")


@pytest.mark.parametrize(
    ("command", "body", "status", "told"),
    [
        ("add", {"note": {"text": "x"}}, 422, "Expected at least 2 characters"),
        ("missing", {}, 404, "This note is gone."),
        ("rejected", {}, 409, "Somebody was faster."),
        ("raises", {"note": {"text": "xx"}}, 500, "Something went wrong on the server"),
    ],
)
def test_a_stock_client_gets_200_and_the_status_in_a_header(answers, command, body, status, told):
    url = f"{answers.url}/{command}"
    stock = httpx.post(url, json=body, headers={"Datastar-Request": "true"})
    assert (stock.status_code, stock.headers["helio-status"]) == (200, str(status))
    assert told in stock.text
    assert "event: helio-" not in stock.text
    own = httpx.post(url, json=body, headers={"Datastar-Request": "true", "Helio-Request": "a1"})
    assert own.status_code == status
    assert told in own.text
    assert "helio-status" not in own.headers


# Answers


def test_nothing_is_answered_and_the_stream_tells(answers, window):
    anna, ben = window(answers.url), window(answers.url)
    with anna.page.expect_response("**/nothing") as answered:
        anna.page.click("#nothing")
    assert answered.value.status == 204
    anna.shows("#notes li", "by the stream")
    ben.shows("#notes li", "by the stream")


def test_a_list_of_answers_is_done_together(answers, window):
    anna = window(answers.url)
    anna.page.evaluate("document.addEventListener('counted', e => window.counted = e.detail.n)")
    anna.page.click("#several")
    toast(anna, "Well done.")
    anna.shows("#placed", "new")
    anna.shows("#list li", "first", "second")
    anna.shows("#word", "several")
    anna.until("document.title === 'Another title'")
    anna.until("window.counted === 3")
    anna.until("document.activeElement.id === 'stars'")


def test_a_redirect_leads_to_another_page(answers, window):
    anna = window(answers.url)
    anna.page.click("#away")
    anna.page.wait_for_url(f"{answers.url}/elsewhere")
    anna.shows("h1", "Elsewhere")
    anna.page.go_back()
    anna.connected()
    anna.shows("#list li", "first")


def test_a_page_that_reads_nothing_opens_no_stream(answers, window):
    anna = window()
    anna.page.goto(f"{answers.url}/elsewhere")
    anna.page.wait_for_timeout(300)
    assert len(anna.sent("GET", "/elsewhere")) == 1
    assert anna.locate("[data-helio-connection]").count() == 0


def test_a_generator_tells_how_far_it_is(answers, window):
    anna = window(answers.url)
    anna.page.evaluate("""() => {
        window.seen = []
        const output = document.querySelector('#percent')
        new MutationObserver(() => seen.push(output.textContent)).observe(
            output, {childList: true, characterData: true, subtree: true})
    }""")
    anna.page.click("#work")
    anna.shows("#word", "done")
    anna.shows("#placed", "made")
    anna.until("seen.join() === '25,50,75,100'")


def test_a_generator_that_breaks_says_so(answers, window):
    anna = window(answers.url)
    anna.page.click("#breaks")
    toast(anna, "Something went wrong on the server")
    anna.shows("#percent", "10")
    answers.logs("the secret reason")
