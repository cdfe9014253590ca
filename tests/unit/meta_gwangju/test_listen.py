import socket

import pytest

from meta_gwangju.config import Settings
from meta_gwangju.errors import PortTakenError
from meta_gwangju.listen import addresses, open_listener


def test_a_free_port_is_listened_on() -> None:
    with open_listener("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=5.0):
            pass


def test_a_taken_port_is_refused_with_another_one_to_try() -> None:
    with open_listener("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"Port {port} is taken .*PORT={port + 1}") as refused:
            open_listener("127.0.0.1", port)
    assert "--port" in refused.value.ko


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(PortTakenError, match="--host"):
        open_listener("192.0.2.1", 0)


def test_a_name_that_means_nothing_is_refused() -> None:
    with pytest.raises(PortTakenError, match="--host"):
        open_listener("no-such-host.invalid", 0)


def test_links_say_how_to_come_in() -> None:
    assert addresses(Settings(), 8000) == ["http://localhost:8000"]
    assert addresses(Settings(host="::1"), 8000) == ["http://localhost:8000"]
    assert addresses(Settings(host="2001:db8::7"), 8000) == ["http://[2001:db8::7]:8000"]
    everywhere = Settings(host="0.0.0.0", tls=True)  # noqa: S104 -- what --tls is for
    assert addresses(everywhere, 1)[0] == "https://localhost:1"
