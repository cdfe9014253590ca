"""The offices of the municipality, put together over one database: what the doors hand their callers to."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from meta_gwangju.config import Settings
from meta_gwangju.enforcement import Enforcement
from meta_gwangju.halls import Halls
from meta_gwangju.land import CityLand
from meta_gwangju.metrics import Metrics, TimedBooks
from meta_gwangju.news import News
from meta_gwangju.photos import Photos
from meta_gwangju.presence import Presence
from meta_gwangju.uploads import Models
from municipality.ballot import BallotBox, CityKey, Votes
from municipality.citizens import Actors, Citizens, EntryCodes, Grants, Passkeys, Sessions
from municipality.directory import Directory
from municipality.expo import Expo
from municipality.ledger import BooksWhenNeeded, Ledger, Statements
from municipality.moderation import Appeals, Moderation, Words
from municipality.organisations import Organisations
from municipality.participation import Comments, Proposals
from municipality.reports import ApiKeys, Reports, Surveyor
from municipality.store import Store
from municipality.vault import Vault, load_master_key
from municipality.wallet import Wallet


@dataclass(frozen=True, slots=True)
class Offices:
    """One field a noun. Their methods take `now` in Unix seconds; the doors read the clock."""

    store: Store
    metrics: Metrics
    vault: Vault
    news: News
    citizens: Citizens
    grants: Grants
    directory: Directory
    actors: Actors
    passkeys: Passkeys
    codes: EntryCodes
    sessions: Sessions
    organisations: Organisations
    ledger: Ledger
    statements: Statements
    wallet: Wallet
    presence: Presence
    moderation: Moderation
    appeals: Appeals
    enforcement: Enforcement
    land: CityLand
    proposals: Proposals
    comments: Comments
    reports: Reports
    surveyor: Surveyor
    photos: Photos
    api_keys: ApiKeys
    votes: Votes
    ballot_box: BallotBox
    halls: Halls
    expo: Expo
    models: Models


def make_offices(store: Store, settings: Settings, land: CityLand) -> Offices:
    """Put the offices together; they can be read at once, and written while :func:`open_offices` holds.

    Raises:
        StoreError: The master key, or the key that signs votes, cannot be read or made.
        CityMissingError: The city's `halls.json` is damaged.
    """
    metrics = Metrics()
    vault = Vault(load_master_key(settings.keys / "master.key"))
    citizens, grants = Citizens(store, vault), Grants(store)
    actors, statements = Actors(citizens, grants), Statements(store)
    news, city_key = News(), CityKey.load(settings.keys / "votes.key")
    ledger = Ledger(TimedBooks(BooksWhenNeeded(store), metrics.committed), lambda: time.time_ns() // 1_000)
    words, presence = Words(vault), Presence(actors)

    def vote_turned(_vote: int) -> None:
        news.tell("votes")

    moderation = Moderation(store, words, grants.of)
    actors.denial_sources.append(moderation.register.denials_of)
    halls = Halls.load(settings.city)
    expo = Expo.over(store, vault, halls.slots)
    actors.grant_sources.append(expo.booths.grants_of)
    organisations = Organisations(store)
    organisations.leaving.append(expo.publishing.member_left)
    citizens.erasing += [grants.end, organisations.end]
    moderation.unpublishing.append(expo.publishing.shut_out)
    return Offices(
        store=store,
        metrics=metrics,
        vault=vault,
        news=news,
        citizens=citizens,
        grants=grants,
        directory=Directory(store, citizens),
        actors=actors,
        passkeys=Passkeys(store, citizens),
        codes=EntryCodes(store),
        sessions=Sessions(store),
        organisations=organisations,
        ledger=ledger,
        statements=statements,
        wallet=Wallet(ledger, statements, citizens),
        presence=presence,
        moderation=moderation,
        appeals=Appeals(store, words),
        enforcement=Enforcement(moderation, presence),
        land=land,
        proposals=Proposals(store, land, land.city_hall, threshold=settings.supports),
        comments=Comments(store),
        reports=Reports(store, vault),
        surveyor=Surveyor(land.survey),
        photos=Photos(settings.data / "uploads" / "photos"),
        api_keys=ApiKeys(store),
        votes=Votes(store, city_key),
        ballot_box=BallotBox(store, city_key, time.time, turned=vote_turned, closed=vote_turned),
        halls=halls,
        expo=expo,
        models=Models(settings.data / "uploads" / "models"),
    )


@asynccontextmanager
async def open_offices(offices: Offices) -> AsyncIterator[None]:
    """Run what writes in the background."""
    async with offices.ledger, offices.ballot_box:
        yield
