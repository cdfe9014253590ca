"""Contacts that people leave at a booth: sealed, for its organisation alone, theirs to take back."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from municipality.access import Action, Actor
from municipality.errors import ConflictError, NotFoundError, TextRefusedError, VaultError
from municipality.expo.booth import State
from municipality.expo.booths import Booths
from municipality.expo.holding import JOURNAL, booth_in, own_booth
from municipality.journal import append
from municipality.schema import booths, contacts, organisations
from municipality.store import Store
from municipality.texts import checked_text
from municipality.tokens import hash_of, new_token
from municipality.vault import Vault

#: A contact is destroyed this long after it was left, seconds.
LIFETIME = 90 * 86_400.0
LONGEST_NAME, LONGEST_EMAIL, LONGEST_PHONE, LONGEST_MESSAGE = 40, 254, 30, 500
#: Contacts that a booth holds at a time.
MOST = 1000
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9 ()-]{3,}")


class ContactState(StrEnum):
    """What is left of a contact."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Contact:
    """What somebody leaves: who they are, and how they can be reached. Personal data."""

    name: str
    email: str = ""
    phone: str = ""
    message: str = ""

    def checked(self) -> "Contact":
        """Return it as it is kept.

        Raises:
            TextRefusedError: A text may not be shown, or nobody could be reached by it.
        """
        contact = Contact(
            checked_text(self.name, ("이름", "name"), LONGEST_NAME, lines=False),
            _optional(self.email, ("이메일", "e-mail"), LONGEST_EMAIL, lines=False),
            _optional(self.phone, ("전화번호", "phone"), LONGEST_PHONE, lines=False),
            _optional(self.message, ("남기는 말", "message"), LONGEST_MESSAGE, lines=True),
        )
        if not contact.email and not contact.phone:
            raise TextRefusedError(
                "이메일이나 전화번호 가운데 하나는 적어 주세요.",
                "Please leave an e-mail address or a phone number.",
            )
        if contact.email and not _EMAIL.fullmatch(contact.email):
            raise TextRefusedError(
                "이메일 주소를 알아볼 수 없어요. 이름@도메인 꼴로 적어 주세요.",
                "This is no e-mail address. Write it as name@domain.",
            )
        if contact.phone and not _PHONE.fullmatch(contact.phone):
            raise TextRefusedError(
                "전화번호에는 숫자와 +, -, 괄호만 쓸 수 있어요.",
                "A phone number may have digits, +, - and brackets only.",
            )
        return contact


@dataclass(frozen=True, slots=True)
class Left:
    """A contact that was left.

    Attributes:
        id: Its number.
        slot: Of the booth.
        organisation: Names in Korean and English of whom it was left with.
        state: Given or withdrawn.
        contact: None once it was withdrawn.
        left_at, expires_at: Unix seconds.
    """

    id: int
    slot: str
    organisation: tuple[str, str]
    state: ContactState
    contact: Contact | None
    left_at: float
    expires_at: float


class Contacts:
    """Keeps contacts. ``now`` is in Unix seconds throughout. The journal never learns who left one."""

    def __init__(self, store: Store, vault: Vault, office: Booths) -> None:
        self._store = store
        self._vault = vault
        self._office = office

    def leave(self, actor: Actor, name: str, contact: Contact, now: float) -> tuple[int, str | None]:
        """Leave a contact at an open booth. A citizen who left one there before replaces it.

        Returns:
            Its number; and for a visitor without an account the key to withdraw it, given this once.

        Raises:
            NotFoundError: There is no such slot.
            NotAllowedError: A sanction forbids it.
            TextRefusedError: A text may not be kept, or nobody could be reached by it.
            ConflictError: The booth is not open, or holds as many as it may.
        """
        slot, checked = self._office.slot(name), contact.checked()
        actor.require(Action.LEAVE_CONTACT, slot.place)
        token = new_token() if actor.citizen is None else None
        with self._store.write() as connection:
            booth = booth_in(connection, slot, lock=True)
            if booth is None or booth.state is not State.OPEN:
                raise ConflictError(
                    "열려 있는 부스에만 연락처를 남길 수 있어요.", "Contacts can be left at open booths only."
                )
            self._make_room(connection, actor, booth.id)
            values = {
                "booth": booth.id,
                "giver": actor.citizen,
                "token": token and hash_of(token),
                "left_at": now,
                "expires_at": now + LIFETIME,
            }
            number = int(
                connection.execute(sa.insert(contacts).returning(contacts.c.id), values).scalar_one()
            )
            self._seal(connection, actor, number, checked)
            body = {"booth": booth.id, "contact": number}
            append(connection, JOURNAL, at=now, actor=_nobody(actor), kind="contact", body=body)
        return number, token

    def at(self, actor: Actor, name: str, now: float) -> list[Left]:
        """Return the contacts left at a booth to its own people, the newest first.

        Raises:
            NotFoundError: There is no such slot, or it is free.
            NotAllowedError: The actor does not belong to the booth.
        """
        slot = self._office.slot(name)
        with self._store.engine.connect() as connection:
            booth = own_booth(connection, actor, slot, Action.READ_CONTACTS)
            return self._read(connection, contacts.c.booth == booth.id, now)

    def of(self, actor: Actor, now: float) -> list[Left]:
        """Return what the actor left anywhere, the newest first.

        Raises:
            NotAllowedError: They are no citizen.
        """
        giver = actor.of_citizen()
        with self._store.engine.connect() as connection:
            return self._read(connection, contacts.c.giver == giver, now)

    def withdraw(self, actor: Actor, number: int, token: str | None, now: float) -> None:
        """Destroy a contact: the actor's own, or the one that a visitor's key names.

        Raises:
            NotFoundError: There is none of that number that is theirs.
        """
        mine = contacts.c.giver == actor.citizen if actor.citizen is not None else sa.false()
        if token:
            mine |= contacts.c.token == hash_of(token)
        is_there = (contacts.c.id == number) & contacts.c.withdrawn_at.is_(None) & mine
        gone = {"sealed": None, "key": None, "token": None, "withdrawn_at": now}
        with self._store.write() as connection:
            statement = sa.update(contacts).where(is_there).values(gone).returning(contacts.c.booth)
            booth = connection.execute(statement).scalar_one_or_none()
            if booth is None:
                raise NotFoundError(
                    "남긴 연락처를 찾을 수 없어요. 이미 거두었거나 기한이 지났을 수 있어요.",
                    "There is no such contact of yours; it may be withdrawn or expired already.",
                )
            body = {"booth": booth, "contact": number}
            append(connection, JOURNAL, at=now, actor=_nobody(actor), kind="contact_withdrawn", body=body)

    def forget_expired(self, now: float) -> int:
        """Destroy contacts whose time is over; returns how many."""
        with self._store.write() as connection:
            gone = sa.delete(contacts).where(contacts.c.expires_at <= now).returning(contacts.c.id)
            numbers = sorted(connection.execute(gone).scalars())
            if numbers:
                city = Actor(door="program")
                body: dict[str, object] = {"contacts": numbers}
                append(connection, JOURNAL, at=now, actor=city, kind="contacts_expired", body=body)
        return len(numbers)

    def _make_room(self, connection: sa.Connection, actor: Actor, booth: int) -> None:
        here = contacts.c.booth == booth
        if actor.citizen is not None:
            connection.execute(sa.delete(contacts).where(here, contacts.c.giver == actor.citizen))
        count = sa.select(sa.func.count()).select_from(contacts).where(here)
        if connection.execute(count).scalar_one() >= MOST:
            raise ConflictError(
                "이 부스가 받을 수 있는 연락처가 가득 찼어요. 부스의 직원에게 직접 전해 주세요.",
                "This booth holds as many contacts as it may. Please talk to its staff.",
            )

    def _seal(self, connection: sa.Connection, actor: Actor, number: int, contact: Contact) -> None:
        """Seal under the citizen's key, or a visitor's under a key of this contact alone."""
        plain = json.dumps(
            [contact.name, contact.email, contact.phone, contact.message], ensure_ascii=False
        ).encode()
        values: dict[str, bytes]
        if actor.citizen is not None:
            values = {"sealed": self._vault.seal(connection, actor.citizen, _about(number), plain)}
        else:
            key = self._vault.new_key(_about(number))
            values = {"key": key, "sealed": self._vault.seal_under(key, _about(number), plain)}
        connection.execute(sa.update(contacts).where(contacts.c.id == number).values(values))

    def _read(self, connection: sa.Connection, which: sa.ColumnElement[bool], now: float) -> list[Left]:
        query = (
            sa.select(contacts, booths.c.slot, organisations.c.name_ko, organisations.c.name_en)
            .join(booths, booths.c.id == contacts.c.booth)
            .join(organisations, organisations.c.id == booths.c.organisation)
            .where(which, contacts.c.expires_at > now)
            .order_by(contacts.c.id.desc())
        )
        return [self._left(connection, row) for row in connection.execute(query)]

    def _left(self, connection: sa.Connection, row: Any) -> Left:
        contact = self._unsealed(connection, row)
        state = ContactState.WITHDRAWN if contact is None else ContactState.GIVEN
        names = (row.name_ko, row.name_en)
        return Left(row.id, row.slot, names, state, contact, row.left_at, row.expires_at)

    def _unsealed(self, connection: sa.Connection, row: Any) -> Contact | None:
        if row.sealed is None:
            return None
        about = _about(row.id)
        try:
            if row.key is not None:
                plain = self._vault.unseal_under(row.key, about, row.sealed)
            else:
                plain = self._vault.unseal(connection, row.giver, about, row.sealed)
        except VaultError:  # the giver was erased, and their key with them
            return None
        return Contact(*json.loads(plain))


def _about(number: int) -> str:
    return f"contact {number}"


def _nobody(actor: Actor) -> Actor:
    """Return an actor for the journal who is nobody: who asked whom for a call back is no public record."""
    return Actor(door=actor.door)


def _optional(text: str, what: tuple[str, str], longest: int, *, lines: bool) -> str:
    return checked_text(text, what, longest, lines=lines) if text.strip() else ""
