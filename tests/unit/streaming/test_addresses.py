import ipaddress

import pytest

from streaming.addresses import offered, towards


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_loopback_host_offers_loopback_only(host: str) -> None:
    assert offered(host) == ["127.0.0.1"]


def test_a_host_of_one_address_offers_that_address() -> None:
    assert offered("192.0.2.7") == ["192.0.2.7"]


def test_all_addresses_end_with_loopback_and_none_is_offered_twice() -> None:
    addresses = offered("0.0.0.0")  # noqa: S104 - the host that the test is about
    assert addresses[-1] == "127.0.0.1"
    assert len(set(addresses)) == len(addresses)
    assert all(ipaddress.ip_address(address).version == 4 for address in addresses)


def test_a_client_of_a_server_on_this_machine_uses_loopback_only() -> None:
    assert towards("127.0.0.1", 8000) == ["127.0.0.1"]
