from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of labelled data, which is not part of the project."""
    folder = os.environ.get("SANSIANG_DATA")
    if not folder:
        pytest.skip("SANSIANG_DATA is not set: no labelled data")
    return Path(folder)
