"""Naming operators and officers from the command line: whoever may write the data folder may do so."""

import time

from meta_gwangju.config import Settings
from meta_gwangju.console import out
from meta_gwangju.errors import SettingsError
from municipality.access import CITY, Actor, Grant, Role, covers
from municipality.citizens import Citizens, EntryCodes, Grants
from municipality.citizens.grants import GIVEN
from municipality.errors import MunicipalityError
from municipality.store import Store
from municipality.vault import Vault, load_master_key

#: A code from the command line lets its owner in within this time, seconds.
_CODE_SECONDS = 3600.0
_PROGRAM = Actor(door="program")


def name_operator(
    settings: Settings, *, name: str | None, citizen: int | None, role: str, place: str
) -> None:
    """Give a role to a new citizen or one of a number, and print a code to come in with.

    Raises:
        SettingsError: Neither or both of name and number are given, or one of the values will not do.
    """
    if (name is None) == (citizen is None):
        raise SettingsError(
            "새 시민의 이름이나 --citizen 번호 가운데 하나만 적으세요.",
            "Give either the name of a new citizen, or --citizen with a number.",
        )
    grant = _grant(role, place)
    try:
        with Store(settings.database) as store:
            vault = Vault(load_master_key(settings.keys / "master.key"))
            number, code = _name(store, Citizens(store, vault), name, citizen, grant)
    except MunicipalityError as error:
        raise SettingsError(error.ko, error.en) from error
    out.print(
        f"시민 {number}번을 {place}의 {role}(으)로 정했습니다 · Citizen {number} is {role} at {place}.\n"
        f"들어오는 코드(한 번, 한 시간) · Code to come in with (once, within an hour): [bold]{code}[/]\n"
        "페이지의 시민 카드 → '코드로 들어오기'에 적고, 패스키를 더하세요.\n"
        "Type it in the page: citizen card → 'Come in by code'; then add a passkey.",
        soft_wrap=True,
    )


def _grant(role: str, place: str) -> Grant:
    if role not in GIVEN or not covers(CITY, place):
        raise SettingsError(
            f"역할 {role!r}은(는) operator나 officer, 곳 {place!r}은(는) city나 그 아래여야 합니다.",
            f"The role {role!r} must be operator or officer, and the place {place!r} city or below it.",
        )
    return Grant(Role(role), place)


def _name(
    store: Store, citizens: Citizens, name: str | None, citizen: int | None, grant: Grant
) -> tuple[int, str]:
    now = time.time()
    with store.write() as connection:
        number = citizen or citizens.join(connection, name or "", now=now, door="program")
        Grants(store).hand_out(connection, _PROGRAM, number, grant, now)
        code, _ = EntryCodes(store).issue(connection, number, now, _CODE_SECONDS)
    return number, code
