import pytest

from meta_gwangju.headers import content_security_policy


def test_the_page_may_speak_to_its_own_server_only() -> None:
    policy = content_security_policy("city.example:8443")
    assert "connect-src 'self' data: blob: ws://city.example:8443 wss://city.example:8443;" in policy
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "'unsafe-eval'" not in policy.replace("'wasm-unsafe-eval'", "")


@pytest.mark.parametrize(
    "host", ["", "a; script-src *", "a b", "a\r\nset-cookie: x", "*", "a:99999999", "[::1"]
)
def test_a_forged_host_never_reaches_the_policy(host: str) -> None:
    assert content_security_policy(host) == content_security_policy("")


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000", "gwangju.local", "[fe80::1]"])
def test_addresses_of_every_kind_do(host: str) -> None:
    assert f"ws://{host} wss://{host};" in content_security_policy(host)
