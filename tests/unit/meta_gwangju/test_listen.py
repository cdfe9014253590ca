import socket

import pytest

from meta_gwangju.config import Settings
from meta_gwangju.errors import PortTakenError
from meta_gwangju.listen import addresses, open_listener, open_udp


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


def test_voice_and_poses_get_the_number_of_the_page_unless_another_is_asked_for() -> None:
    with open_listener("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with open_udp(Settings(), port) as mux:
            assert mux.number == port
            with open_udp(Settings(), port) as second:
                assert second.number not in {0, port}
            with pytest.raises(PortTakenError, match=f"UDP port {port} is taken .*--udp-port") as refused:
                open_udp(Settings(udp_port=port), port)
            assert "--udp-port" in refused.value.ko
        with open_udp(Settings(udp_port=port), 8000) as mux:
            assert mux.number == port


def test_a_page_on_a_port_of_the_system_leaves_voice_and_poses_another() -> None:
    with open_udp(Settings(), 443) as mux:
        assert mux.number >= 1024


def test_everything_on_every_address_has_one_number() -> None:
    with open_udp(Settings(host="::", udp_port=0), 0) as mux:
        assert {port.number for port in mux.ports} == {mux.number}
        assert len(mux.ports) >= 1


def test_an_address_of_another_machine_has_no_udp_port_either() -> None:
    with pytest.raises(PortTakenError, match="--host"):
        open_udp(Settings(host="192.0.2.1"), 8000)


def test_links_say_how_to_come_in() -> None:
    assert addresses(Settings(), 8000) == ["http://localhost:8000"]
    assert addresses(Settings(host="::1"), 8000) == ["http://localhost:8000"]
    assert addresses(Settings(host="2001:db8::7"), 8000) == ["http://[2001:db8::7]:8000"]
    everywhere = Settings(host="0.0.0.0", tls=True)  # noqa: S104 -- what --tls is for
    assert addresses(everywhere, 1)[0] == "https://localhost:1"
