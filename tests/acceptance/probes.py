"""What a replica's probes answer."""

from dataclasses import dataclass
from typing import Self
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from deploy.devstack.ports import choose_ports, is_free
from tests.wait import wait_until

IN_TIME = 10.0
"""Seconds within which a probe tells the truth again."""
NOT_THERE = 0


@dataclass(frozen=True)
class Probes:
    """Of one replica."""

    port: int

    @classmethod
    def on_free_port(cls, *, following: int = 0) -> Self:
        """On a port that nobody has, nor any of those that follow."""

        def usable(port: int) -> bool:
            return all(is_free(port + each) for each in range(following + 1))

        return cls(choose_ports(("probes",), kept={}, asked={}, usable=usable)["probes"])

    def ask(self, path: str) -> tuple[int, str]:
        """Status and text; status 0 where nobody listens."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=3) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()
        except (URLError, TimeoutError) as error:
            return NOT_THERE, str(error)

    def lives(self) -> bool:
        return self.ask("/livez")[0] == 200

    def is_ready(self) -> bool:
        return self.ask("/readyz")[0] == 200

    def page(self) -> str:
        """The metrics."""
        status, text = self.ask("/metrics")
        assert status == 200, text
        return text

    def wait_until_not_ready(self) -> str:
        """Gives what is told then."""
        wait_until(lambda: not self.is_ready(), timeout=IN_TIME, message="not ready")
        return self.ask("/readyz")[1]

    def wait_until_ready(self, *, timeout: float = IN_TIME) -> None:
        wait_until(self.is_ready, timeout=timeout, message="ready")
