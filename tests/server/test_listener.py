"""Taking an address, and saying why it cannot be taken."""

import socket

import pytest

from helio.server import AddressError, Listener


def test_port_zero_takes_a_free_one_for_all_addresses_of_the_host():
    listener = Listener.bind("localhost", 0)
    assert {sock.getsockname()[1] for sock in listener.sockets} == {listener.port}
    assert listener.url == f"http://localhost:{listener.port}"
    listener.close()


def test_the_url_of_all_addresses_is_one_that_a_browser_can_open():
    listener = Listener.bind("0.0.0.0", 0)  # noqa: S104
    assert listener.url == f"http://127.0.0.1:{listener.port}"
    listener.close()


def test_a_port_in_use_is_named_with_one_that_is_free():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(AddressError, match=f"Port {port} of 127.0.0.1 is in use") as caught:
            Listener.bind("127.0.0.1", port)
    suggested = int(str(caught.value).rpartition(" ")[2])
    assert suggested != port
    Listener.bind("127.0.0.1", suggested).close()


def test_a_foreign_address_is_refused():
    with pytest.raises(AddressError, match=r"192.0.2.1 is not an address of this machine"):
        Listener.bind("192.0.2.1", 0)


def test_an_unknown_host_is_refused():
    with pytest.raises(AddressError, match=r"'no.such.host.invalid' is not known here"):
        Listener.bind("no.such.host.invalid", 0)


def test_it_says_where_other_machines_find_it() -> None:
    here = Listener.bind("127.0.0.1", 0)
    everywhere = Listener.bind("0.0.0.0", 0)  # noqa: S104
    try:
        assert here.network_url is None
        found = everywhere.network_url  # None on a machine without a network
        assert found is None or found.endswith(f":{everywhere.port}")
        assert everywhere.url == f"http://127.0.0.1:{everywhere.port}"
    finally:
        here.close()
        everywhere.close()
