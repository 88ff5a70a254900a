"""Provinces as data: one TOML file a province or network, agencies.toml, and what reads them."""

from pathlib import Path

from bot.provinces.doubts import inferred_categories, unverified_hotlines
from bot.provinces.load import ProvinceFileError, load_directory

SHIPPED = Path(__file__).parent
"""The folder of the files that come with the project."""

__all__ = ["SHIPPED", "ProvinceFileError", "inferred_categories", "load_directory", "unverified_hotlines"]
