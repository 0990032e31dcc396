"""Where many web processes could be: pages on PostgreSQL, with all files in a bucket of a real S3-compatible server."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rowsense.store.opening import open_store
from tests.soak.cluster import cut_off
from tests.soak.laptop import Laptop, serving
from tests.soak.world import Stage, closing
from tests.store.bucket import KEYS, BucketServer
from tests.store.conftest import postgresql

#: Longer than the library tries by itself.
_AWAY_S = 30.0


@contextmanager
def in_a_bucket(folder: Path, real: bool = False) -> Iterator[Laptop]:
    """A club whose rows are in PostgreSQL, and whose films and files are in a bucket."""
    os.environ.update(KEYS)  # programs look for them there, too
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # which says every request
    with postgresql() as server, BucketServer() as bucket:
        url, files = server.new(), bucket.address(folder.name)
        stage = Stage(folder, real)
        # Films on their way in lie in the data folder, as those of the programs do.
        os.environ["ROWSENSE_DATA_DIR"] = stage.environment["ROWSENSE_DATA_DIR"]
        store = open_store(url, files)

        @contextmanager
        def others(name: str) -> Iterator[None]:
            if name == "database":
                cut_off(server.url, store)
                yield
                return
            bucket.refuse = "PUT"
            yield
            time.sleep(_AWAY_S)
            bucket.refuse = ""

        with closing(stage, store):
            place = serving(stage, store, stage.folder / "data" / "job-work", "--store", url, "--files", files)
            place.others = others
            yield place
