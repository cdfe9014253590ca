import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.sdp import MOST_CANDIDATES
from streaming.video.errors import NotUnderstoodError
from streaming.video.fragment import MOST_BYTES, read

LINES = (
    "a=ice-ufrag:EsAw",
    "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1",
    "m=audio 9 UDP/TLS/RTP/SAVPF 0",
    "a=mid:0",
    "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1",
    "a=candidate:3471623853 1 udp 2122194687 198.51.100.2 61765 typ host generation 0 ufrag EsAw",
    "a=candidate:473322822 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active generation 0 ufrag EsAw",
    "a=end-of-candidates",
)


def test_the_example_of_the_standard_is_read() -> None:
    found = read("\r\n".join(LINES) + "\r\n")
    assert (found.fragment, found.ended) == ("EsAw", True)
    assert [one.split()[4] for one in found.candidates] == ["192.0.2.1", "198.51.100.2"]


def test_names_of_mdns_are_left_out() -> None:
    found = read("a=candidate:1 1 udp 1 0f.local 9 typ host\r\n")
    assert (found.candidates, found.ended) == ((), False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "a=candidate:1 1 udp 1 example.org 9 typ host",
        "a=candidate:1 1 udp 1 10.0.0.1 99999 typ host",
        "a=candidate:nonsense",
        "a=ice-ufrag:abcd\r\na=ice-ufrag:efgh",
        "a=x\0y",
        "a=x\r\n" * 300,
        "a=" + "x" * MOST_BYTES,
    ],
)
def test_what_is_no_fragment_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstoodError):
        read(text)


def test_endless_candidates_have_an_end() -> None:
    lines = [f"a=candidate:1 1 udp 1 10.0.0.{number + 1} 9 typ host" for number in range(150)]
    assert len(read("\r\n".join(lines)).candidates) == MOST_CANDIDATES


@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=60)), max_size=30))
def test_any_lines_are_read_or_refused(lines: list[str]) -> None:
    try:
        found = read("\r\n".join(lines))
    except NotUnderstoodError:
        return
    assert len(found.candidates) <= MOST_CANDIDATES


@given(st.data())
def test_any_change_of_a_good_fragment_is_read_or_refused(data: st.DataObject) -> None:
    text = "\r\n".join(LINES)
    at = data.draw(st.integers(0, len(text)))
    put, gone = data.draw(st.text(max_size=8)), data.draw(st.integers(0, 40))
    try:
        read(text[:at] + put + text[at + gone :])
    except NotUnderstoodError:
        return
