"""Who asks: named beside every correction."""

import getpass
from dataclasses import dataclass

from starlette.requests import HTTPConnection

LONGEST_NAME = 80
KEY = "cricksy.person"
"""Where a request's scope holds the person."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or a program, who was let in."""

    name: str
    signed_in: bool = False
    """By the sign-in page: there is a session to end."""


def local_person() -> Person:
    """Whoever sits at this machine: the account that the console runs under."""
    try:
        return Person(getpass.getuser())
    except (OSError, KeyError):  # an account without a name, as in many containers
        return Person("local")


def person_of(connection: HTTPConnection) -> Person:
    """Who asks; every request but those for the sign-in page has somebody behind it."""
    person = connection.scope.get(KEY)
    return person if isinstance(person, Person) else Person("nobody")
