import pytest
from psycopg.conninfo import conninfo_to_dict

from pipeline.storage.conninfo import address_of, conninfo_from_url


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://ann:p%40w@db:5433/cards",
        "postgresql+psycopg://ann:p%40w@db:5433/cards",
        "postgresql://ann:p%40w@db:5433/cards",
        "postgres://ann:p%40w@db:5433/cards",
        "host=db port=5433 user=ann password=p@w dbname=cards",
        "postgresql:///cards?host=db&port=5433&user=ann&password=p%40w",
    ],
)
def test_every_form_of_the_url_names_the_same_database(url: str) -> None:
    conninfo = conninfo_from_url(url)
    options = conninfo_to_dict(conninfo)
    assert (options["host"], str(options["port"]), options["dbname"]) == ("db", "5433", "cards")
    assert (options["user"], options["password"]) == ("ann", "p@w")
    assert address_of(conninfo) == "db:5433/cards"


@pytest.mark.parametrize(
    ("query", "mode"),
    [
        ("ssl=require", "require"),
        ("ssl=true", "require"),
        ("ssl=False", "disable"),
        ("ssl=verify-full", "verify-full"),
        ("sslmode=prefer", "prefer"),
    ],
)
def test_the_ssl_option_of_asyncpg_becomes_sslmode(query: str, mode: str) -> None:
    options = conninfo_to_dict(conninfo_from_url(f"postgresql+asyncpg://db/cards?{query}"))
    assert options["sslmode"] == mode


def test_options_that_steer_asyncpg_alone_are_dropped() -> None:
    url = "postgresql+asyncpg://db/cards?prepared_statement_cache_size=0&command_timeout=5"
    assert conninfo_from_url(url) == conninfo_from_url("postgresql://db/cards")


def test_what_the_url_sets_goes_before_the_defaults() -> None:
    conninfo = conninfo_from_url(
        "postgresql://db/cards?connect_timeout=9",
        {"connect_timeout": "5", "application_name": "cricksy-ocr"},
    )
    options = conninfo_to_dict(conninfo)
    assert str(options["connect_timeout"]) == "9"
    assert options["application_name"] == "cricksy-ocr"


def test_a_peer_that_vanished_is_noticed_by_keepalives() -> None:
    options = conninfo_to_dict(conninfo_from_url("postgresql://db/cards"))
    assert (options["keepalives"], options["tcp_user_timeout"]) == ("1", "10000")


def test_an_option_that_postgresql_does_not_know_is_named() -> None:
    with pytest.raises(ValueError, match="'colour'"):
        conninfo_from_url("postgresql://db/cards?colour=green")


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ValueError, match="postgresql://"):
        conninfo_from_url("mysql://db/cards")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:hu@sh/hush@db/cards",
        "postgresql://ann:hush/hush@db/cards",
        "postgresql://ann:hush#hush@db/cards",
        "postgresql://ann:hush?hush=hush@db/cards",
        "postgresql://ann:hush:hush@db:hush/cards",
    ],
)
def test_a_password_that_is_not_escaped_is_told_about_and_not_told(url: str) -> None:
    with pytest.raises(ValueError, match="%40 for @") as raised:
        conninfo_from_url(url)
    assert "hush" not in str(raised.value)
