"""The licences of what ships, and which of them are allowed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution

from packaging.utils import canonicalize_name

from deploy.supply.shipped import Shipped
from deploy.supply.wordings import LIBRARIES, LOOKED_UP, WORDINGS

UNKNOWN = "unknown"
_CLASSIFIER = "License :: "
_HEAD = """\
# Licences of what ships

Written by `make licences`, from what is installed on Linux for x86-64. Packages that only develop
or test are left out. *Itself* is the package; else a shared library that its wheel carries.

| package | of it | licence |
|---|---|---|"""

ALLOWED = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Attribution",
        "CC0-1.0", "FTL", "IJG", "ISC", "MIT", "MIT-CMU", "OLDAP-2.8", "OpenSSL", "PSF-2.0",
        "PostgreSQL", "Zlib", "libpng-2.0", "libtiff",
        # Of single files: changes to them are to be published, nothing else.
        "MPL-2.0",
        # Used as they are, as libraries that can be replaced: our own code keeps its licence.
        "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later",
        # The exception lets what was compiled with GCC be under any licence.
        "GPL-3.0-or-later WITH GCC-exception-3.1",
    }
)  # fmt: skip

TOLERATED = {("tesserocr", "libjbig"): "GPL-2.0-or-later"}
"""By package and library, with the licence for which an exception is made.

JBIG-KIT comes with the libtiff in tesserocr's wheel. docs/supply-chain.md says what follows.
"""


@dataclass(frozen=True, slots=True)
class Licensed:
    """A package, or a library that its wheel carries."""

    package: str
    library: str
    """Empty for the package itself."""
    licence: str
    """An SPDX expression, or `unknown`."""

    @property
    def is_accepted(self) -> bool:
        """Whether it may ship."""
        tolerated = TOLERATED.get((self.package, self.library))
        return self.licence == tolerated or is_allowed(self.licence)


def licences_of(packages: Mapping[str, Shipped]) -> list[Licensed]:
    """Every package with its libraries, by name."""
    found = []
    for name, package in packages.items():
        found.append(Licensed(name, "", licence_of(package.installed)))
        found += [
            Licensed(name, library, LIBRARIES.get(library, UNKNOWN))
            for library in sorted(package.libraries)
        ]
    return found


def refused(licences: Iterable[Licensed]) -> list[Licensed]:
    """Those that may not ship, or of which it is not known."""
    return [each for each in licences if not each.is_accepted]


def licence_of(installed: Distribution) -> str:
    """An SPDX expression, or `unknown`."""
    name = str(canonicalize_name(installed.name))
    if name in LOOKED_UP:
        return LOOKED_UP[name]
    metadata = installed.metadata
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    if "License" in metadata:
        return WORDINGS.get(metadata["License"], UNKNOWN)
    classifiers = [
        line.removeprefix(_CLASSIFIER)
        for line in metadata.get_all("Classifier") or ()
        if line.startswith(_CLASSIFIER)
    ]
    return WORDINGS.get(classifiers[0], UNKNOWN) if len(classifiers) == 1 else UNKNOWN


def is_allowed(expression: str) -> bool:
    """Whether one alternative holds allowed licences only; one with brackets is not understood."""
    return any(
        all(licence.strip() in ALLOWED for licence in alternative.split(" AND "))
        for alternative in expression.split(" OR ")
    )


def as_markdown(licences: Iterable[Licensed]) -> str:
    """A table for people; without versions, so that it changes only with what ships."""
    rows = [
        f"| {each.package} | {each.library or 'itself'} | {each.licence} |" for each in licences
    ]
    return "\n".join([_HEAD, *rows, ""])
