"""Invented reports of the five pilot provinces, so that a first look without any platform shows something."""

from pathlib import Path

from bot.sample.load import SampleFileError, SampleReport, read_samples

SHIPPED = Path(__file__).parent
"""The folder of the sample files that come with the project."""

__all__ = ["SHIPPED", "SampleFileError", "SampleReport", "read_samples"]
