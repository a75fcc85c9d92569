"""The whole story of one upload: what was asked for, what was delivered, what came of it."""

from dataclasses import dataclass

from consumers.stream import Client, Keys
from consumers.why import Answer, Evidence, Rules, explain, gather
from pipeline.errors import DatabaseUnavailable
from pipeline.storage.database import Database
from pipeline.storage.publications import Publication, publications_of
from pipeline.storage.reviews import Revision, revisions_of


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of one upload."""

    evidence: Evidence
    """Row, attempts with their stages, scorecard, dead letter, entries."""
    answer: Answer
    """What that comes to."""
    publications: tuple[Publication, ...]
    """The entries that announced it, oldest first; none while PostgreSQL is away."""
    revisions: tuple[Revision, ...]
    """What people did with its card, oldest first; none while PostgreSQL is away."""

    @property
    def trace_ids(self) -> tuple[str, ...]:
        """Its traces, oldest first, each once."""
        record = self.evidence.record
        told = [each.trace_id for each in self.publications]
        told += [each.trace_id for each in record.attempts] if record else []
        return tuple(dict.fromkeys(each for each in told if each))


async def tell(
    client: Client, keys: Keys, database: Database, upload_id: str, rules: Rules
) -> Story:
    """Gather it; a server that is away is part of the story."""
    evidence = await gather(client, keys, database, upload_id, rules)
    try:
        publications = tuple(await publications_of(database, upload_id))
        revisions = tuple(await revisions_of(database, upload_id))
    except DatabaseUnavailable:
        publications, revisions = (), ()
    return Story(evidence, explain(evidence), publications, revisions)


def trace_link(template: str, trace_id: str) -> str:
    """The address of a trace; empty where no template is set.

    Args:
        template: as CRICKSY_TRACE_URL has it, `{trace_id}` in it.
        trace_id: 32 hexadecimal digits.
    """
    return template.replace("{trace_id}", trace_id)
