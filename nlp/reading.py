"""What the understanding room says about a text: the vocabulary that everybody above shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["problem", "proposal", "asset", "question", "thanks", "chitchat", "spam", "emergency"]
Urgency = Literal["normal", "high", "emergency"]
Sensitive = Literal["self_harm", "violence", "abuse_child", "sexual", "drugs_tip", "corruption_tip", "health_private"]
Precision = Literal["village", "tambon", "amphoe", "province"]


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place understood from words.

    Codes are the official ones (Department of Provincial Administration): 2 digits province, 4 amphoe, 6 tambon;
    '' where the text does not determine them. `candidates` are tambon codes of equal standing when it does not, or the
    one that a misspelling may mean: then `tambon_code` is '' and the person is asked. `village` is as said
    ("บ้านห้วยขม ม.3"), `words` the part of the text that was understood.
    """

    province_code: str
    amphoe_code: str = ""
    tambon_code: str = ""
    province: str = ""
    amphoe: str = ""
    tambon: str = ""
    village: str = ""
    words: str = ""
    candidates: tuple[str, ...] = ()

    @property
    def precision(self) -> Precision:
        """How exactly the place is known."""
        if self.tambon_code:
            return "village" if self.village else "tambon"
        return "amphoe" if self.amphoe_code else "province"


@dataclass(frozen=True, slots=True)
class Reading:
    """One text, understood. Probabilities are 0 to 1; `alternatives` holds the three best with theirs, best first.

    `category` is a core slug of the taxonomy, never a province's own name: that one is derived above.
    `masked_text` and `summary` hold no phone number, id, e-mail or name that was recognised as personal.
    `evidence` are the words of the text that decided the category. `sure` false asks the person (one question).
    """

    kind: Kind
    category: str
    sub: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    sure: bool
    urgency: Urgency
    sensitive: Sensitive | None
    place: FoundPlace | None
    masked_text: str
    summary: str
    evidence: tuple[str, ...]
    model: str
