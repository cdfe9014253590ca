from municipality.ledger import key_of

SOONER = "018f3c2e-1000-7abc-8def-0123456789ab"
LATER = "018f3c2e-1001-7000-8000-000000000000"


def test_keys_of_two_callers_never_meet() -> None:
    assert key_of("citizen 1", SOONER) != key_of("citizen 2", SOONER)
    assert key_of("citizen 1", "lunch") != key_of("citizen 2", "lunch")


def test_keys_that_carry_a_time_stand_in_its_order() -> None:
    assert key_of("z", SOONER) < key_of("a", LATER)
    assert key_of("z", SOONER)[:6].hex() == "018f3c2e1000"


def test_any_text_is_a_key() -> None:
    texts = ["", "lunch", "점심", "\0", "x" * 10_000, SOONER[:-1], SOONER.replace("-7", "-4", 1)]
    keys = [key_of("citizen 1", text) for text in texts]
    assert len(set(keys)) == len(texts)
    assert {(len(key), key[:6]) for key in keys} == {(20, bytes(6))}


def test_a_retry_is_the_same_key() -> None:
    assert key_of("citizen 1", SOONER) == key_of("citizen 1", SOONER)
