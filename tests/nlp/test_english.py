"""Danger and wrong told in English are seen as the same in Thai, and ways of speaking are not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.alarms import ENGLISH, AlarmTable
from nlp.reader import Reader

EMERGENCIES: dict[str, tuple[set[str | None], set[str]]] = {
    "There is a fire near my house": ({None}, {"disaster_haze"}),
    "the house is on fire": ({None}, {"disaster_haze"}),
    "forest fire behind our village": ({None}, {"disaster_haze"}),
    "flood, we are trapped on the roof": ({None}, {"disaster_haze"}),
    "someone is drowning": ({None}, {"safety"}),
    "a child fell into the river": ({None}, {"safety"}),
    "car accident people are hurt": ({None}, {"safety"}),
    "my daughter was hit by a car": ({None}, {"safety"}),
    "power line fell on the road": ({None}, {"safety"}),
    "my child is missing": ({None}, {"safety"}),
    "my father is unconscious, not breathing": ({None}, {"health_service"}),
    "my baby isn’t breathing": ({None}, {"health_service"}),
    "a snake bit my son": ({None}, {"health_service"}),
    "my wife is giving birth in the car": ({None}, {"health_service"}),
    "my grandmother fell and cannot get up": ({None}, {"elderly_ltc"}),
    "call an ambulance": ({None}, {"other"}),
    "help me please": ({None}, {"other"}),
    "there was an accident in front of the temple": ({None}, {"safety"}),
    "please call police someone is breaking into my house": ({None}, {"safety"}),
    "he has a knife": ({"violence"}, {"safety"}),
    "I am scared he has a knife": ({"violence"}, {"safety"}),
    "there is a man with a gun at school": ({"violence"}, {"safety"}),
    "my dad is going to kill us": ({"violence"}, {"safety"}),
    "someone stabbed my neighbour": ({"violence"}, {"safety"}),
    "my boyfriend hit me, help": ({"violence"}, {"family_violence"}),
    "I was raped": ({"sexual"}, {"family_violence"}),
    "I want to kill myself": ({"self_harm"}, {"mental_health"}),
    "I don't want to live anymore": ({"self_harm"}, {"mental_health"}),
    "She took all her pills": ({"self_harm"}, {"mental_health"}),
}
WRONGS: dict[str, tuple[str, set[str], str]] = {
    "my stepfather hits me": ("high", {"abuse_child"}, "family_violence"),
    "teacher beats the students": ("high", {"abuse_child"}, "family_violence"),
    "my uncle touches my daughter": ("high", {"abuse_child", "sexual"}, "family_violence"),
    "My husband beats me every night": ("high", {"violence"}, "family_violence"),
    "I was raped last year by my uncle": ("high", {"sexual"}, "family_violence"),
    "someone sells drugs near the school": ("normal", {"drugs_tip"}, "drugs_alcohol"),
    "the mayor takes bribes": ("normal", {"corruption_tip"}, "governance"),
}
HARMLESS = [
    "the fire station is far",
    "no fire truck in our village",
    "we need a fire extinguisher at school",
    "the trash burning near my house smells",
    "kill the weeds",
    "I could kill for better roads",
    "the heat is killing me",
    "knife factory dust",
    "dust so bad we can't breathe",
    "I don't want to die on this road",
    "please help us fix the road",
    "can you help me find the office",
    "the bridge may collapse and someone could drown",
    "our village needs a swimming class to prevent drowning",
    "accidents happen here every week",
    "the car accident spot needs a traffic light",
    "my father fell into debt",
    "the river flooded our fields last year",
    "suicide prevention project",
    "the dog was hit by a car",
    "hit by the storm, our roof is gone",
    "drug store closed",
    "the headman does a good job",
    "my buffalo fell and cannot get up",
]
TO_US = ["I want English please", "what is this", "can you speak english?", "call me please", "Are you a bot?"]


@pytest.fixture(scope="module")
def alarms() -> AlarmTable:
    return AlarmTable(ENGLISH)


@pytest.mark.parametrize("text", EMERGENCIES)
def test_a_life_in_danger_is_an_emergency(reader: Reader, text: str) -> None:
    reading = reader.read(text, "57")
    sensitive, categories = EMERGENCIES[text]
    assert reading.urgency == "emergency"
    assert reading.sensitive in sensitive
    assert reading.category in categories


@pytest.mark.parametrize("text", WRONGS)
def test_a_wrong_must_not_leak(reader: Reader, text: str) -> None:
    reading = reader.read(text, "57")
    urgency, sensitive, category = WRONGS[text]
    assert (reading.urgency, reading.category) == (urgency, category)
    assert reading.sensitive in sensitive


@pytest.mark.parametrize("text", HARMLESS)
def test_the_same_words_without_danger_are_a_plain_report(reader: Reader, text: str) -> None:
    reading = reader.read(text, "57")
    assert (reading.urgency, reading.sensitive, reading.kind) == ("normal", None, "problem")


def test_a_flood_is_told_from_a_fire(reader: Reader) -> None:
    assert reader.read("flood, we are trapped on the roof").sub == "flood"
    assert reader.read("There is a fire near my house").sub != "flood"


@pytest.mark.parametrize("text", TO_US)
def test_words_to_the_one_who_answers_are_a_question(reader: Reader, text: str) -> None:
    reading = reader.read(text, "57")
    assert (reading.kind, reading.category, reading.urgency) == ("question", "other", "normal")


@settings(max_examples=40, deadline=timedelta(milliseconds=400))
@given(
    words=st.lists(
        st.sampled_from(
            [
                "my ",
                "he ",
                "fire ",
                "hit ",
                "help",
                " me ",
                "accident ",
                "the ",
                "water ",
                "kill ",
                "a ",
                "is ",
                "knife ",
            ]
        ),
        min_size=200,
        max_size=400,
    )
)
def test_any_heap_of_such_words_takes_bounded_time(alarms: AlarmTable, words: list[str]) -> None:
    list(alarms.raised("".join(words)))
