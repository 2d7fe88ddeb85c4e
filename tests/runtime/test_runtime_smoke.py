def test_the_page_comes_alive(show, server):
    server.on("POST", "/add", lambda call: call.answer('{"n": 41}', "application/json"))
    tab = show("""
      <div data-signals="{n: 1, name: 'Ada'}"></div>
      <b id=t data-text="$n + 1"></b><input id=i data-bind="name"><i id=u data-text="$name"></i>
      <button id=b data-on:click="@post('/add')">x</button><p id=h data-show="$n > 5">hi</p>
    """)
    assert tab.text("#t") == "2"
    tab.page.fill("#i", "Bob")
    assert tab.text("#u") == "Bob"
    assert not tab.page.is_visible("#h")
    tab.page.click("#b")
    tab.until("document.querySelector('#t').textContent == '42'")
    assert tab.page.is_visible("#h")
    call = server.next("/add")
    assert call.signals == {"n": 1, "name": "Bob"}
    assert call.headers["datastar-request"] == "true"
    assert call.headers["helio-tab"]
    assert tab.errors == []
