"""What a text is for: a problem, a proposal, an asset, a question, thanks, small talk, spam or an emergency."""

from __future__ import annotations

from nlp.reading import Kind, Urgency
from nlp.signals import Signals

# A question at the end is an answer wanted; one in the middle is a way of complaining.
_ENDING = 25
_SHORT = 90
_FEW = 3


def kind_of(
    signals: Signals, length: int, words: int, urgency: Urgency, about_something: bool, reachable: bool
) -> Kind:
    """Return the kind of a text.

    Args:
        signals: its cues.
        length: characters of the text.
        words: how many words it has.
        urgency: its urgency; an emergency is a kind of its own.
        about_something: whether words of a category stand in it.
        reachable: whether a phone number, an address or a link stands in it, as advertisers leave.
    """
    if urgency == "emergency":
        return "emergency"
    count = signals.count
    spam = count("kind.spam.strong")
    if spam >= 2 or (spam and reachable):
        return "spam"
    troubled = count("kind.problem.weak")
    asking = count("kind.question.strong")
    questions = [signals.last[name] for name in ("kind.question.weak", "kind.question.strong") if name in signals.last]
    ends_asking = bool(questions) and length - max(questions) <= _ENDING
    asset = 2 * count("kind.asset.strong") + count("kind.asset.weak")
    if count("kind.proposal.strong") and not (asking and not about_something):
        return "proposal"
    if asking and (ends_asking or troubled <= 2):
        return "question"
    if ends_asking and (troubled <= 1 or length <= _SHORT) and not count("kind.question.request"):
        return "question"
    if asset >= 2 and asset > troubled:
        return "asset"
    if count("kind.thanks.strong") and troubled <= 1 and not about_something:
        return "thanks"
    chatting = count("kind.chitchat.strong") or count("harmless")
    if about_something:
        return "chitchat" if count("kind.chitchat.strong") and not troubled else "problem"
    # Words that no list knows may well be a report: only small talk and a word or two are set aside.
    return "chitchat" if words < _FEW or (chatting and troubled <= 1) else "problem"
