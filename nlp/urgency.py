"""How soon somebody must look, and what must never leak. Where in doubt about a life, the safe side."""

from __future__ import annotations

from nlp.reading import Sensitive, Urgency
from nlp.signals import Signals


def urgency_of(signals: Signals, category: str) -> Urgency:
    """Return the urgency. `category` is the text's best one: its own cues count half a common one."""
    if _is_emergency(signals):
        return "emergency"
    calm = signals.count("urgency.calm")
    strong = sum(map(signals.count, ("self_harm.wish", "self_harm.topic", "urgency.emergency", "urgency.high")))
    danger = signals.count("urgency.danger")
    half = signals.count(f"cue.{category}") + danger + bool(danger and signals.count("urgency.now"))
    strong += signals.count("urgency.alarm") + signals.count("urgency.cry")
    return "high" if strong * 2 + half >= 2 and (strong or not calm) else "normal"


def _is_emergency(signals: Signals) -> bool:
    count = signals.count
    calm, now = count("urgency.calm"), count("urgency.now")
    if count("self_harm.wish") and (now or not calm):
        return True
    if count("urgency.cry") and (count("sensitive.assault") or count("sensitive.sexual")):
        return True
    if calm or count("urgency.animal"):
        return False
    if count("urgency.emergency") or count("urgency.cry"):
        return True
    if count("urgency.alarm") and (now or not count("urgency.habit")):
        return True
    return bool((count("urgency.danger") or count("sensitive.assault")) and now and not count("urgency.settled"))


def sensitive_of(signals: Signals, category: str) -> Sensitive | None:
    """Return the gravest sensitivity, or None. Tips count only where the text is about their subject."""
    calm = signals.count("urgency.calm")
    if signals.count("self_harm.wish") or (signals.count("self_harm.topic") and not calm):
        return "self_harm"
    if signals.count("sensitive.abuse_child"):
        return "abuse_child"
    if signals.count("sensitive.sexual"):
        return "sexual"
    if signals.count("sensitive.assault"):
        return "violence"
    if signals.count("sensitive.violence") and category in {
        "family_violence",
        "safety",
        "mental_health",
        "drugs_alcohol",
    }:
        return "violence"
    if signals.count("sensitive.drugs") or (category == "drugs_alcohol" and signals.count("sensitive.drugs_tip")):
        return "drugs_tip"
    tip = category == "governance" and signals.count("sensitive.corruption_tip")
    if tip or signals.count("sensitive.corruption"):
        return "corruption_tip"
    about_a_person = signals.count("sensitive.health") and signals.count("sensitive.health_person")
    return "health_private" if about_a_person and not signals.count("sensitive.health_service") else None
