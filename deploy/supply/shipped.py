"""What ships: the packages that a replica needs at run time, and theirs; no test tools."""

from collections import defaultdict
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OURSELVES = "cricksy-ocr"


@dataclass(slots=True)
class Shipped:
    """One package."""

    installed: Distribution
    needs: set[str] = field(default_factory=set)
    """Names of the packages that it asks for."""

    @property
    def name(self) -> str:
        """Normalised: `pyyaml`."""
        return str(canonicalize_name(self.installed.name))

    @property
    def version(self) -> str:
        """As installed."""
        return self.installed.version

    @property
    def libraries(self) -> set[str]:
        """Shared libraries of others that its wheel carries, as `libtiff`."""
        files = self.installed.files or ()
        return {
            file.name.partition("-")[0].partition(".so")[0]
            for file in files
            if file.parts[0].endswith(".libs") and ".so" in file.name
        }


def shipped_packages(root: str = OURSELVES) -> dict[str, Shipped]:
    """All that `root` needs on this platform, by name; without `root` itself.

    Raises:
        PackageNotFoundError: one of them is not installed.
    """
    found: dict[str, Shipped] = {root: Shipped(distribution(root))}
    known: defaultdict[str, set[str]] = defaultdict(set)
    waiting = [(root, "")]
    while waiting:
        name, extra = waiting.pop()
        for wanted in _requirements(found[name].installed, extra):
            needed = str(canonicalize_name(wanted.name))
            found[name].needs.add(needed)
            fresh = needed not in found
            found.setdefault(needed, Shipped(distribution(needed)))
            extras = wanted.extras - known[needed]
            known[needed] |= extras
            waiting += [(needed, each) for each in sorted(extras)]
            if fresh:
                waiting.append((needed, ""))
    return {name: package for name, package in sorted(found.items()) if name != root}


def _requirements(installed: Distribution, extra: str) -> list[Requirement]:
    wanted = [Requirement(line) for line in installed.requires or ()]
    return [
        each for each in wanted if each.marker is None or each.marker.evaluate({"extra": extra})
    ]
