import socket
from collections.abc import Iterator

import pytest

from deploy.devstack.errors import PortTaken
from deploy.devstack.ports import choose_ports, is_free

NAMES = ("valkey", "postgres")


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_that_is_listened_on_is_not_free(taken: int) -> None:
    assert not is_free(taken)


def test_a_port_is_free_as_soon_as_its_server_is_gone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()
    assert is_free(port)


def test_each_name_has_a_free_port_of_its_own() -> None:
    names = tuple(f"server-{number}" for number in range(50))
    ports = choose_ports(names, kept={}, asked={})
    assert set(ports) == set(names)
    assert len(set(ports.values())) == len(names)
    assert all(is_free(port) for port in ports.values())


def test_ports_are_outside_the_range_of_outgoing_connections() -> None:
    assert max(choose_ports(NAMES, kept={}, asked={}).values()) < 32768


def test_ports_stay_what_they_were() -> None:
    kept = choose_ports(NAMES, kept={}, asked={})
    assert choose_ports(NAMES, kept=kept, asked={}) == kept


def test_only_the_port_that_is_taken_by_now_changes(taken: int) -> None:
    kept = choose_ports(NAMES, kept={}, asked={}) | {"valkey": taken}
    ports = choose_ports(NAMES, kept=kept, asked={})
    assert ports["valkey"] != taken
    assert ports["postgres"] == kept["postgres"]


def test_a_port_that_is_asked_for_beats_the_one_that_was_kept() -> None:
    kept = choose_ports(NAMES, kept={}, asked={})
    asked = choose_ports(("valkey",), kept={}, asked={}, usable=lambda port: port % 2 == 0)
    assert choose_ports(NAMES, kept=kept, asked=asked)["valkey"] == asked["valkey"]


def test_a_port_that_is_asked_for_and_taken_is_an_error(taken: int) -> None:
    with pytest.raises(PortTaken, match=rf"Port {taken}, asked for with --valkey-port, is in use"):
        choose_ports(NAMES, kept={}, asked={"valkey": taken})


def test_ports_of_servers_that_are_not_started_are_kept() -> None:
    assert choose_ports((), kept={"s3": 20_001}, asked={}) == {"s3": 20_001}


def test_a_name_is_never_given_the_port_that_another_asks_for() -> None:
    few = {20_001, 20_002}
    ports = choose_ports(NAMES, kept={}, asked={"postgres": 20_001}, usable=few.__contains__)
    assert ports == {"valkey": 20_002, "postgres": 20_001}


def test_no_free_port_at_all_is_an_error() -> None:
    with pytest.raises(PortTaken, match="No port"):
        choose_ports(NAMES, kept={}, asked={}, usable=lambda _: False)
