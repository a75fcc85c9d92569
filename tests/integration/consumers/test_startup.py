"""What a replica does before its slots may claim."""

import gc

from consumers.startup import Startup


class Loaded:
    """Stands for what a replica has loaded."""


async def test_garbage_is_not_looked_for_again_in_what_has_been_loaded(database_url: str) -> None:
    loaded = Loaded()
    startup = Startup(database_url, children=[])

    try:
        await startup.run()

        made_later = Loaded()
        looked_through = [each for each in gc.get_objects() if isinstance(each, Loaded)]
    finally:
        gc.unfreeze()
    assert looked_through == [made_later]
    assert loaded not in looked_through
