import pytest

from streaming.errors import OutOfOrderError
from streaming.messages import Bye, Candidate, Close, Envelope, Fallback, Hello, Offer
from streaming.signalling import (
    CONNECT_SECONDS,
    HELLO_SECONDS,
    TABLE,
    Input,
    Signalling,
    State,
    input_of,
)


def _in(state: State) -> Signalling:
    signalling = Signalling(0.0)
    signalling.state = state
    return signalling


def test_the_usual_way_leads_to_connected_and_out() -> None:
    signalling = Signalling(100.0)
    assert signalling.deadline == 100.0 + HELLO_SECONDS
    assert signalling.advance(Input.HELLO, 101.0).state is State.GREETED
    assert signalling.deadline == 101.0 + CONNECT_SECONDS
    signalling.advance(Input.OFFER, 102.0)
    signalling.advance(Input.CANDIDATE, 103.0)
    assert signalling.deadline == 101.0 + CONNECT_SECONDS
    assert signalling.advance(Input.PEER_CONNECTED, 104.0).state is State.CONNECTED
    assert signalling.deadline is None
    assert signalling.advance(Input.BYE, 105.0).close is Close.LEFT


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("happened", list(Input))
def test_every_pair_does_what_the_table_says(state: State, happened: Input) -> None:
    signalling = _in(state)
    expected = TABLE[state].get(happened)
    if expected is None:
        with pytest.raises(OutOfOrderError):
            signalling.advance(happened, 0.0)
        assert signalling.state is State.CLOSED
    else:
        assert signalling.advance(happened, 0.0) == expected
        assert signalling.state is expected.state


def test_every_open_state_lets_go_and_says_bye() -> None:
    for state in set(State) - {State.CLOSED}:
        assert TABLE[state][Input.BYE].close is Close.LEFT
        assert TABLE[state][Input.SOCKET_CLOSED].state is State.CLOSED


def test_nothing_leads_out_of_closed() -> None:
    assert not TABLE[State.CLOSED]


def test_who_says_nothing_is_timed_out() -> None:
    for state in (State.CONNECTING, State.GREETED, State.NEGOTIATING):
        assert TABLE[state][Input.DEADLINE].close is Close.TIMED_OUT


def test_every_message_has_an_input() -> None:
    hello = Hello(protocol=1, name="x", colour=0, language="ko", kind="browser")
    messages = (
        hello, Offer(sdp=""), Candidate(candidate=None), Fallback(meanwhile=False), Fallback(meanwhile=True),
        Envelope(text="{}"), b"state", Bye(),
    )  # fmt: skip
    assert [input_of(message) for message in messages] == [
        Input.HELLO, Input.OFFER, Input.CANDIDATE, Input.FALLBACK, Input.MEANWHILE, Input.EVENT, Input.STATE,
        Input.BYE,
    ]  # fmt: skip


def test_a_socket_that_carries_has_no_deadline_but_a_peer_connection_on_trial_has() -> None:
    signalling = _in(State.GREETED)
    signalling.deadline = 20.0
    signalling.advance(Input.FALLBACK, 1.0)
    assert signalling.deadline is None
    signalling.advance(Input.OFFER, 100.0)
    assert signalling.deadline == 100.0 + CONNECT_SECONDS
    assert signalling.advance(Input.DEADLINE, 120.0).state is State.CARRIED
    assert signalling.deadline is None
