"""Keys of programs, from the command line: whoever may write the data folder may issue and end them."""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager

from meta_gwangju.config import Settings
from meta_gwangju.console import out
from meta_gwangju.errors import SettingsError
from municipality.citizens import Citizens
from municipality.errors import MunicipalityError
from municipality.reports import ApiKeys
from municipality.store import Store
from municipality.vault import Vault, load_master_key


def issue(settings: Settings, name: str, citizen: int | None) -> None:
    """Make a key in the name of a citizen, or of a new one who is called like the program, and print it.

    Raises:
        SettingsError: There is no such citizen, or the name will not do.
    """
    now = time.time()
    with _opened(settings) as store:
        keys, number = ApiKeys(store), citizen
        if number is None:
            vault = Vault(load_master_key(settings.keys / "master.key"))
            with store.write() as connection:
                number = Citizens(store, vault).join(connection, name, now=now, door="program")
        made, text = keys.issue(number, name, now)
    out.print(
        f"열쇠 {made.id}번, 시민 {made.citizen}번의 이름으로 신고합니다 · "
        f"Key {made.id}, reports in the name of citizen {made.citizen}:\n[bold]{text}[/]\n"
        "지금만 보입니다. 프로그램의 api_key입니다 · Shown this once; the program sends it as api_key.",
        soft_wrap=True,
    )


def show(settings: Settings) -> None:
    """Print all keys.

    Raises:
        SettingsError: The database cannot be opened.
    """
    with _opened(settings) as store:
        found = ApiKeys(store).all()
    for key in found:
        made = dt.datetime.fromtimestamp(key.made_at, dt.UTC).date()
        state = "유효 · valid" if key.revoked_at is None else "끝남 · ended"
        line = f"{key.id}  {key.name}  시민 · citizen {key.citizen}  {made}  {state}"
        out.print(line, markup=False, soft_wrap=True)
    if not found:
        out.print("열쇠가 없습니다 · There are no keys.")


def revoke(settings: Settings, number: int) -> None:
    """End a key.

    Raises:
        SettingsError: There is no such key.
    """
    with _opened(settings) as store:
        ApiKeys(store).revoke(number, time.time())
    out.print(f"열쇠 {number}번을 끝냈습니다 · Key {number} opens nothing any more.")


@contextmanager
def _opened(settings: Settings) -> Iterator[Store]:
    try:
        with Store(settings.database) as store:
            yield store
    except MunicipalityError as error:
        raise SettingsError(error.ko, error.en) from error
