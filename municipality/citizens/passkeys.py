"""Passkeys: citizens come in with a key that never leaves their device (W3C Web Authentication Level 3)."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from municipality.access import Actor
from municipality.citizens.roll import Citizens, require_standing
from municipality.errors import ConflictError, NotFoundError, SignInError
from municipality.journal import append
from municipality.names import checked_name
from municipality.schema import ceremonies, citizens, passkeys
from municipality.store import Store
from municipality.tokens import hash_of, new_token

#: A challenge waits this long for its answer, seconds; and so many wait at once.
CEREMONY_SECONDS = 300.0
_MOST_WAITING = 10_000
#: Passkeys of one citizen.
MOST = 10
#: What an authenticator's answer may break without being one: it is JSON from a client.
_UNREADABLE = (WebAuthnException, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """This city, as a browser sees it.

    Attributes:
        id: The host's name.
        origin: Scheme, host and port of the page.
    """

    id: str
    origin: str


@dataclass(frozen=True, slots=True)
class PassKey:
    """One passkey, as its owner sees it; times are Unix seconds."""

    id: int
    device: str
    added_at: float
    used_at: float | None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody says of themselves who becomes a citizen."""

    name: str
    colour: int
    language: str


class Passkeys:
    """Ceremonies: each begins with options for the browser and a token, and ends with both answered.

    ``now`` is in Unix seconds throughout.
    """

    def __init__(self, store: Store, people: Citizens) -> None:
        self._store = store
        self._people = people

    # --- becoming a citizen, or adding a device -------------------------------------------------------

    def begin_registration(
        self, actor: Actor, party: RelyingParty, name: str, now: float
    ) -> tuple[str, dict[str, object]]:
        """Begin to make a passkey: for a citizen who is signed in another one, for anybody else the first.

        Returns:
            The ceremony's token, and `PublicKeyCredentialCreationOptionsJSON`.

        Raises:
            NameRefusedError: The name may not be shown.
            ConflictError: The citizen has as many passkeys as one may have.
        """
        with self._store.write() as connection:
            handle, known = secrets.token_bytes(32), []
            if actor.citizen is not None:
                query = sa.select(citizens.c.handle).where(citizens.c.id == actor.citizen)
                handle = connection.execute(query).scalar_one()
                query = sa.select(passkeys.c.credential).where(passkeys.c.citizen == actor.citizen)
                known = list(connection.execute(query).scalars())
                if len(known) >= MOST:
                    raise ConflictError(
                        f"패스키는 {MOST}개까지 둘 수 있어요. 쓰지 않는 것을 먼저 지워 주세요.",
                        f"You can have {MOST} passkeys. Remove one that you do not use first.",
                    )
            options = generate_registration_options(
                rp_id=party.id,
                rp_name="메타 광주 Meta Gwangju",
                user_name=checked_name(name),
                user_id=handle,
                exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED,
                    user_verification=UserVerificationRequirement.REQUIRED,
                ),
            )
            token = self._remember(connection, options.challenge, actor.citizen, handle, now)
        return token, json.loads(options_to_json(options))

    def finish_registration(  # noqa: PLR0913 -- a ceremony's answer, and who gives it
        self,
        actor: Actor,
        party: RelyingParty,
        token: str,
        credential: dict[str, object],
        newcomer: Newcomer,
        *,
        device: str,
        now: float,
    ) -> int:
        """Take the new passkey; returns whose it is.

        Raises:
            SignInError: The answer does not fit the ceremony.
            NameRefusedError: The name may not be shown.
        """
        ceremony = self._take(token, now)
        with self._store.write() as connection:
            if ceremony.handle is None or ceremony.citizen != actor.citizen:
                raise _does_not_fit()
            try:
                made = verify_registration_response(
                    credential=credential,
                    expected_challenge=ceremony.challenge,
                    expected_rp_id=party.id,
                    expected_origin=party.origin,
                    require_user_verification=True,
                )
            except _UNREADABLE as error:
                raise _does_not_fit() from error
            known = sa.select(passkeys.c.id).where(passkeys.c.credential == made.credential_id)
            if connection.execute(known).one_or_none() is not None:
                raise _does_not_fit()
            citizen = actor.citizen
            if citizen is None:
                citizen = self._people.join(
                    connection,
                    newcomer.name,
                    handle=ceremony.handle,
                    colour=newcomer.colour,
                    language=newcomer.language,
                    door=actor.door,
                    now=now,
                )
            require_standing(connection, citizen)
            values = {
                "citizen": citizen,
                "credential": made.credential_id,
                "public_key": made.credential_public_key,
                "sign_count": made.sign_count,
                "device": device[:64],
                "added_at": now,
            }
            connection.execute(sa.insert(passkeys), values)
            own = Actor(citizen=citizen, door=actor.door)
            append(connection, "citizens", at=now, actor=own, kind="passkey_added", body={})
        return citizen

    # --- signing in -----------------------------------------------------------------------------------

    def begin_sign_in(self, party: RelyingParty, now: float) -> tuple[str, dict[str, object]]:
        """Begin to sign in, with whichever passkey the browser offers.

        Returns:
            The ceremony's token, and `PublicKeyCredentialRequestOptionsJSON`.
        """
        options = generate_authentication_options(
            rp_id=party.id, user_verification=UserVerificationRequirement.REQUIRED
        )
        with self._store.write() as connection:
            token = self._remember(connection, options.challenge, None, None, now)
        return token, json.loads(options_to_json(options))

    def finish_sign_in(
        self, party: RelyingParty, token: str, credential: dict[str, object], now: float
    ) -> int:
        """Take the answer; returns who signed in.

        Raises:
            SignInError: The answer does not fit the ceremony, or the passkey is nobody's.
        """
        ceremony = self._take(token, now)
        with self._store.write() as connection:
            try:
                claimed = base64url_to_bytes(str(credential["id"]))
                query = sa.select(passkeys).where(passkeys.c.credential == claimed)
                key = connection.execute(query).one_or_none()
                if key is None or ceremony.handle is not None:
                    raise _does_not_fit()
                answer = verify_authentication_response(
                    credential=credential,
                    expected_challenge=ceremony.challenge,
                    expected_rp_id=party.id,
                    expected_origin=party.origin,
                    credential_public_key=key.public_key,
                    credential_current_sign_count=key.sign_count,
                    require_user_verification=True,
                )
            except _UNREADABLE as error:
                raise _does_not_fit() from error
            connection.execute(
                sa.update(passkeys)
                .where(passkeys.c.id == key.id)
                .values(sign_count=answer.new_sign_count, used_at=now)
            )
        return int(key.citizen)

    # --- one's own ------------------------------------------------------------------------------------

    def of(self, actor: Actor) -> list[PassKey]:
        """Return the actor's passkeys, in the order in which they were added.

        Raises:
            NotAllowedError: They are no citizen.
        """
        table = passkeys.c
        query = (
            sa.select(table.id, table.device, table.added_at, table.used_at)
            .where(table.citizen == actor.of_citizen())
            .order_by(table.id)
        )
        with self._store.engine.connect() as connection:
            return [PassKey(*row) for row in connection.execute(query)]

    def remove(self, actor: Actor, passkey: int, now: float) -> None:
        """Remove one of the actor's passkeys, but not the last.

        Raises:
            NotFoundError: They have none of that number.
            ConflictError: It is their last.
        """
        own = passkeys.c.citizen == actor.of_citizen()
        with self._store.write() as connection:
            if not connection.execute(sa.delete(passkeys).where(own, passkeys.c.id == passkey)).rowcount:
                raise NotFoundError("그런 패스키가 없어요.", "There is no such passkey of yours.")
            if connection.execute(sa.select(passkeys.c.id).where(own).limit(1)).one_or_none() is None:
                raise ConflictError(
                    "마지막 패스키는 지울 수 없어요. 다른 기기의 패스키를 먼저 더해 주세요.",
                    "The last passkey cannot be removed. Add one of another device first.",
                )
            append(connection, "citizens", at=now, actor=actor, kind="passkey_removed", body={})

    # --- own ------------------------------------------------------------------------------------------

    def _remember(
        self,
        connection: sa.Connection,
        challenge: bytes,
        citizen: int | None,
        handle: bytes | None,
        now: float,
    ) -> str:
        connection.execute(sa.delete(ceremonies).where(ceremonies.c.expires_at < now))
        waiting = connection.execute(sa.select(sa.func.count()).select_from(ceremonies)).scalar_one()
        if waiting >= _MOST_WAITING:
            raise ConflictError(
                "지금 들어오려는 사람이 너무 많아요. 잠시 뒤 다시 해 주세요.",
                "Too many people are signing in. Please try again in a while.",
            )
        token = new_token()
        connection.execute(
            sa.insert(ceremonies),
            {
                "hash": hash_of(token),
                "challenge": challenge,
                "citizen": citizen,
                "handle": handle,
                "expires_at": now + CEREMONY_SECONDS,
            },
        )
        return token

    def _take(self, token: str, now: float) -> sa.Row[Any]:
        """Return a ceremony, which ends with this, whatever comes of it."""
        with self._store.write() as connection:
            row = connection.execute(
                sa.delete(ceremonies).where(ceremonies.c.hash == hash_of(token)).returning(*ceremonies.c)
            ).one_or_none()
        if row is None or now >= row.expires_at:
            raise _does_not_fit()
        return row


def _does_not_fit() -> SignInError:
    return SignInError(
        "패스키를 확인하지 못했어요. 처음부터 다시 해 주세요.",
        "The passkey could not be verified. Please begin again.",
    )
