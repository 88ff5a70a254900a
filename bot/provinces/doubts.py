"""What in the province files nobody has confirmed yet: for `doctor`, so that coordinators see it before villagers."""

from __future__ import annotations

from handlers.provinces import Directory, Hotline, Province, ProvinceCategory

_DOUBTFUL = frozenset({"inferred", "unverified"})


def inferred_categories(directory: Directory) -> tuple[tuple[Province, ProvinceCategory], ...]:
    """List the categories whose name stands in no source: status 'inferred' or 'unverified', with their province."""
    lists = (*directory.provinces.values(), *directory.networks.values())
    return tuple((one, category) for one in lists for category in one.categories if category.status in _DOUBTFUL)


def unverified_hotlines(directory: Directory) -> tuple[Hotline, ...]:
    """List the hotlines whose number and use were written from general knowledge."""
    return tuple(hotline for hotline in directory.hotlines if not hotline.sourced)
