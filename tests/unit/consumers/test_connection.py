"""What a URL of Redis comes to."""

import pytest
from redis.asyncio.connection import Connection, SSLConnection
from redis.connection import SSLConnection as BlockingSSLConnection

from consumers.connection import UnusableUrl, way_to

STREAM = "{ocr}:uploads"


@pytest.mark.parametrize(
    "url", ["redis://:pw@h:1/2", "rediss://u:pw@h/0", "unix:///run/redis.sock"]
)
def test_a_url_that_names_its_server_is_left_as_it_is(url: str) -> None:
    way = way_to(url, STREAM)
    assert (way.url, way.options, way.blocking_options) == (url, {}, {})


def test_login_database_and_options_reach_the_server_that_is_found() -> None:
    way = way_to("redis+sentinel://me:p%40ss@a:1,b/cards/3?protocol=3&sentinel_password=s", STREAM)
    # What the sentinels want is theirs alone.
    assert way.url == "redis://me:p%40ss@found/3?protocol=3"
    assert issubclass(way.options["connection_class"], Connection)
    assert not issubclass(way.options["connection_class"], SSLConnection)


def test_with_rediss_whatever_is_found_is_spoken_to_over_tls() -> None:
    for url in ("rediss+sentinel://a/cards", "rediss+cluster://a,b:7001"):
        way = way_to(url, STREAM)
        assert issubclass(way.options["connection_class"], SSLConnection)
        assert issubclass(way.blocking_options["connection_class"], BlockingSSLConnection)


@pytest.mark.parametrize(
    ("url", "lacks"),
    [
        ("http://h", r"must start with one of redis://"),
        ("redis+sentinel://a:1,b:2", r"the name that the sentinels watch"),
        ("redis+sentinel://a,,b/cards", r"at least one host"),
        ("redis+cluster://:secret@", r"at least one host"),
    ],
)
def test_what_a_url_lacks_is_said_without_its_secrets(url: str, lacks: str) -> None:
    with pytest.raises(UnusableUrl, match=lacks) as raised:
        way_to(url, STREAM)
    assert "secret" not in str(raised.value)
