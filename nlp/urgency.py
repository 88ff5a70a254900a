"""How soon somebody must look, and what must never leak. Where in doubt about a life, the safe side."""

from __future__ import annotations

from nlp.reading import Sensitive, Urgency
from nlp.signals import Signals


def urgency_of(signals: Signals, category: str) -> Urgency:
    """Return the urgency. `category` is the text's best one: its own cues count half a common one."""
    calm = signals.count("urgency.calm")
    if signals.count("self_harm.wish") and not calm:
        return "emergency"
    if signals.count("urgency.emergency") and not calm:
        return "emergency"
    if signals.count("urgency.danger") and signals.count("urgency.now") and not calm:
        return "emergency"
    strong = (
        signals.count("self_harm.wish")
        + signals.count("self_harm.topic")
        + signals.count("urgency.emergency")
        + signals.count("urgency.high")
    )
    half = signals.count(f"cue.{category}") + signals.count("urgency.danger")
    return "high" if strong * 2 + half >= 2 and (strong or not calm) else "normal"


def sensitive_of(signals: Signals, category: str) -> Sensitive | None:
    """Return the gravest sensitivity, or None. Tips count only where the text is about their subject."""
    calm = signals.count("urgency.calm")
    if signals.count("self_harm.wish") or (signals.count("self_harm.topic") and not calm):
        return "self_harm"
    if signals.count("sensitive.abuse_child"):
        return "abuse_child"
    if signals.count("sensitive.sexual"):
        return "sexual"
    if signals.count("sensitive.violence") and category in {
        "family_violence",
        "safety",
        "mental_health",
        "drugs_alcohol",
    }:
        return "violence"
    if category == "drugs_alcohol" and signals.count("sensitive.drugs_tip"):
        return "drugs_tip"
    if category == "governance" and signals.count("sensitive.corruption_tip"):
        return "corruption_tip"
    about_a_person = signals.count("sensitive.health") and signals.count("sensitive.health_person")
    return "health_private" if about_a_person and not signals.count("sensitive.health_service") else None
