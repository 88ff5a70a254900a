"""How fast a text is read on one core, beside TF-IDF and a LinearSVC on PyThaiNLP's own words, one text at a time.

Both learn the shipped examples and read the same texts: those of the examples, or the public reports in the folder
`SANSIANG_DATA` where it is set.
"""

from __future__ import annotations

import csv
import gzip
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from time import process_time

from nlp.examples import EXAMPLES, read_examples
from nlp.labels import LabelRow
from nlp.reader import Reader
from tests.benchmarks.measure import Measure

TEXTS = 2_000
TIMES = 3
"""The category alone is to be so many times as fast as the other program."""
LOADING = """
import re, time
def held(name="VmRSS"):
    return int(re.search(name + r":\\s+(\\d+) kB", open("/proc/self/status").read())[1]) / 1024
before, start = held(), time.perf_counter()
from nlp.reader import Reader
Reader.load().read("น้ำไม่ไหล", "57")
print(time.perf_counter() - start, held() - before)
"""


def measure(runs: int) -> list[Measure]:
    """Measure rates in texts a second of processor time, the start of the reader, and the memory it takes."""
    rows = read_examples(EXAMPLES)
    texts = _texts(rows)
    reader = Reader.load()
    other = _other(rows)
    alone, limit, whole, times, memory = (list[float]() for _ in range(5))
    for _ in range(runs):
        limit.append(_rate(other, texts))
        alone.append(_rate(reader.category, texts))
        whole.append(_rate(lambda text: reader.read(text, "57"), texts))
        seconds, megabytes = _loaded()
        times.append(1000 * seconds)
        memory.append(megabytes)
    return [
        Measure("category of a text, one by one", "/s", tuple(alone), tuple(limit), share=TIMES),
        Measure("full reading of a text", "/s", tuple(whole), bound=700),
        Measure("reader ready", "ms", tuple(times), bound=1000),
        Measure("memory that the reader takes", "MB", tuple(memory), bound=150),
    ]


def _texts(rows: Sequence[LabelRow]) -> list[str]:
    folder = os.environ.get("SANSIANG_DATA")
    if not folder:
        return [row.text for row in rows[:: max(1, len(rows) // TEXTS)]][:TEXTS]
    with gzip.open(Path(folder) / "traffy_reports.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return [row["text"] for row in islice(csv.DictReader(lines), TEXTS)]


def _other(rows: Sequence[LabelRow]) -> Callable[[str], object]:
    from pythainlp.tokenize import word_tokenize  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    vectorizer = TfidfVectorizer(tokenizer=word_tokenize, token_pattern=None, lowercase=False)
    program = make_pipeline(vectorizer, LinearSVC())
    program.fit([row.text for row in rows], [row.labels[0] for row in rows])
    return lambda text: program.predict([text])


def _rate(read: Callable[[str], object], texts: Sequence[str]) -> float:
    for text in texts[:50]:
        read(text)
    start = process_time()
    for text in texts:
        read(text)
    return len(texts) / (process_time() - start)


def _loaded() -> tuple[float, float]:
    """Return the seconds and the megabytes that a fresh process needs to read its first text."""
    done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes
